import { ActionIcon, Kbd, Text, UnstyledButton } from '@mantine/core';
import { useDisclosure, useHotkeys } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';
import classes from './search.module.css';

const SearchModal = lazy(async () => ({ default: (await import('./search-modal')).SearchModal }));

const isApple = /Mac|iPhone|iPad/.test(navigator.userAgent);

/** Finds servers, tools and tags from everywhere. */
export function Search() {
  const [wasOpened, setOpened] = useState(false);
  const [isOpen, { open, close }] = useDisclosure(false, { onOpen: () => setOpened(true) });
  // Over another dialog Escape would close both, with what was typed there.
  const openAlone = () => {
    if (document.querySelector('[aria-modal="true"]') === null) open();
  };
  useHotkeys([['/', openAlone]]);
  // Also while one writes: it is no key of a text field.
  useHotkeys([['mod+K', openAlone]], []);
  return (
    <>
      <UnstyledButton className={classes.field} onClick={open} visibleFrom="xs">
        <IconSearch size={16} />
        <Text size="sm" c="dimmed" flex={1}>
          Search servers, tools, tags
        </Text>
        <Kbd size="xs">{isApple ? '⌘ K' : 'Ctrl K'}</Kbd>
      </UnstyledButton>
      <ActionIcon
        variant="subtle"
        color="gray"
        size="lg"
        hiddenFrom="xs"
        onClick={open}
        aria-label="Search"
      >
        <IconSearch size={19} />
      </ActionIcon>
      <Suspense>{wasOpened && <SearchModal isOpen={isOpen} onClose={close} />}</Suspense>
    </>
  );
}
