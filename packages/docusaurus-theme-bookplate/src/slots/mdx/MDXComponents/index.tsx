// SPDX-License-Identifier: Apache-2.0
import MDXComponents from '@theme-init/MDXComponents';
import DocBar from '@theme/Bookplate/DocBar';
import ForReader from '@theme/Bookplate/ForReader';
import Recap from '@theme/Bookplate/Recap';
import Term from '@theme/Bookplate/Term';
import Variant from '@theme/Bookplate/Variant';
import VariantSet from '@theme/Bookplate/VariantSet';

export default {
  ...MDXComponents,
  DocBar,
  ForReader,
  Recap,
  Term,
  Variant,
  VariantSet,
};
