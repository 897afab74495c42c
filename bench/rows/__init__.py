# SPDX-License-Identifier: Apache-2.0
"""What is measured: a module a row, each with TITLE and measure(quick).

measure returns (results, tables, notes): results are made by met(), tables
are (heading, columns, rows) of text, notes are sentences.
"""
import load

NAMES = ["json", "idle", "book", "scrypt", "session", "token", "sign",
         "profile", "start", "edit"]


def met(what, bar, figure, text, at_most=True):
    """One line of the verdict: is the figure within the bar?"""
    good = figure <= bar if at_most else figure >= bar
    return {"what": what, "figure": text, "met": good,
            "bar": f"{'at most' if at_most else 'at least'} {bar:g}"}


def spread(ratio):
    """A ratio of load.ratios() as text."""
    return f"{ratio[0]:.2f} ({ratio[1]:.2f} to {ratio[2]:.2f})"


def each(figures, key="cpu_us", scale=1, digits=2):
    """The median over the rounds, with the least and the greatest."""
    values = [one[key] / scale for one in figures]
    middle = load.median(figures, key) / scale
    return (f"{middle:.{digits}f} ({min(values):.{digits}f} to "
            f"{max(values):.{digits}f})")
