import { AppShell, Burger, Group, UnstyledButton } from '@mantine/core';
import { useDisclosure, useHotkeys, useLocalStorage, useMediaQuery } from '@mantine/hooks';
import { Link } from 'react-router';
import { Brand } from './brand';
import { LiveMark } from './live-mark';
import { PageFrame } from './page-frame';
import { Search } from './search';
import { Sidebar } from './sidebar';
import classes from './shell.module.css';
import { ThemeMenu } from './theme-menu';
import { UserMenu } from './user-menu';

const WIDE = 216;
const NARROW = 64;

/** What stands around every page. */
export function Shell() {
  const [isNarrow, setNarrow] = useLocalStorage({
    key: 'mcpgw-sidebar-narrow',
    defaultValue: false,
    getInitialValueInEffect: false,
  });
  const [isOpen, { toggle, close }] = useDisclosure();
  useHotkeys([['Escape', close, { preventDefault: false }]]);
  // Without JavaScript-driven layout the first paint would jump.
  const isPhone = useMediaQuery('(max-width: 48em)', false, { getInitialValueInEffect: false });
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{
        width: isNarrow ? NARROW : WIDE,
        breakpoint: 'sm',
        collapsed: { mobile: !isOpen },
      }}
      padding={{ base: 'md', md: 'xl' }}
      className={classes.shell}
    >
      <a href="#content" className="skip-link">
        To the content
      </a>
      <AppShell.Header className={classes.bar}>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap" gap="sm">
          <Group gap="sm" wrap="nowrap">
            <Burger
              opened={isOpen}
              onClick={toggle}
              hiddenFrom="sm"
              size="sm"
              aria-label={isOpen ? 'Close the menu' : 'Open the menu'}
            />
            <UnstyledButton component={Link} to="/servers" aria-label="MCP Gateway: servers">
              <Brand named={!isPhone} />
            </UnstyledButton>
          </Group>
          <Search />
          <Group gap={6} wrap="nowrap">
            <LiveMark />
            <ThemeMenu />
            <UserMenu />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar
        p="xs"
        className={classes.bar}
        data-closed={(isPhone && !isOpen) || undefined}
      >
        <Sidebar
          isNarrow={isNarrow && !isPhone}
          {...(!isPhone && { onToggle: () => setNarrow(!isNarrow) })}
          onNavigate={close}
        />
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1} className={classes.main}>
        <PageFrame />
      </AppShell.Main>
    </AppShell>
  );
}
