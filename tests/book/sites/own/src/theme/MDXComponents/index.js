// SPDX-License-Identifier: Apache-2.0
import MDXComponents from '@theme-original/MDXComponents';

const Aside = ({ children }) => <aside id="own-aside">{children}</aside>;

export default { ...MDXComponents, Aside };
