import { useCallback, useState } from 'react';

/** How far below the top of the page an element begins; measured anew when what stands above it changes its height. */
export function useScrollMargin(): [(element: HTMLElement | null) => void, number] {
  const [margin, setMargin] = useState(0);
  const ref = useCallback((element: HTMLElement | null) => {
    if (element === null) return undefined;
    const measure = () => setMargin(element.getBoundingClientRect().top + window.scrollY);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(document.body);
    return () => observer.disconnect();
  }, []);
  return [ref, margin];
}
