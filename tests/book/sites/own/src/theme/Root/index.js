// SPDX-License-Identifier: Apache-2.0
// Around everything, and knows of no other Root.
import { useState } from 'react';

export default function Root({ children }) {
  const [count, setCount] = useState(0);
  return (
    <div id="own-root">
      {children}
      <button type="button" onClick={() => setCount(count + 1)}>
        Applause: {count}
      </button>
    </div>
  );
}
