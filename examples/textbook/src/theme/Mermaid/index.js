// SPDX-License-Identifier: Apache-2.0
// A diagram is drawn when it comes near the window. The library that draws them
// keeps a slow processor busy for a second, and few readers begin with one.
import React, { useEffect, useRef, useState } from 'react';
import Mermaid from '@theme-original/Mermaid';

/** How far below the window is near. */
const NEAR = '400px';

export default function MermaidWhenNear(props) {
  const place = useRef(null);
  const [near, setNear] = useState(false);
  useEffect(() => {
    const watch = new IntersectionObserver(
      ([entry]) => entry.isIntersecting && setNear(true),
      { rootMargin: NEAR },
    );
    watch.observe(place.current);
    return () => watch.disconnect();
  }, []);
  return near ? <Mermaid {...props} /> : <div ref={place} />;
}
