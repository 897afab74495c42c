# SPDX-License-Identifier: Apache-2.0
"""What is measured: a module a row, each with TITLE and measure(quick).

measure returns (results, tables, notes): results are made by met(), tables
are (heading, columns, rows) of text, notes are sentences.
"""
NAMES = ["json", "idle", "book", "scrypt", "start", "edit"]


def met(what, bar, figure, text, at_most=True):
    """One line of the verdict: is the figure within the bar?"""
    good = figure <= bar if at_most else figure >= bar
    return {"what": what, "figure": text, "met": good,
            "bar": f"{'at most' if at_most else 'at least'} {bar:g}"}


def spread(ratio):
    """A ratio of load.ratios() as text."""
    return f"{ratio[0]:.2f} ({ratio[1]:.2f} to {ratio[2]:.2f})"
