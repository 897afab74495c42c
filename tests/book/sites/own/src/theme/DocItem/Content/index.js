// SPDX-License-Identifier: Apache-2.0
import Content from '@theme-original/DocItem/Content';

export default function ContentWithFooter(props) {
  return (
    <>
      <Content {...props} />
      <p>Written by hand.</p>
    </>
  );
}
