import { useMounted } from '@mantine/hooks';

/**
 * Closed in the first render. A dialog whose script is loaded when it is asked for begins its life open, and would not
 * know where the focus was before.
 */
export function useOpened(isOpen: boolean): boolean {
  return useMounted() && isOpen;
}
