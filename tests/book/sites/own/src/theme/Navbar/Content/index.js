// SPDX-License-Identifier: Apache-2.0
// Draws no items of the configuration; the account it draws itself.
import Link from '@docusaurus/Link';
import NavbarAccount from '@theme/Bookplate/NavbarAccount';

export default function NavbarContent() {
  return (
    <div className="navbar__inner">
      <div className="navbar__items">
        <Link className="navbar__brand" to="/">
          A bar of its own
        </Link>
      </div>
      <div className="navbar__items navbar__items--right">
        <NavbarAccount />
      </div>
    </div>
  );
}
