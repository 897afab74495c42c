// SPDX-License-Identifier: Apache-2.0
import ComponentTypes from '@theme-init/NavbarItem/ComponentTypes';
import NavbarAccount from '@theme/Bookplate/NavbarAccount';

export default {
  ...ComponentTypes,
  'custom-bookplate-account': NavbarAccount,
};
