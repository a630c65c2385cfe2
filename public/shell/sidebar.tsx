import { ActionIcon, NavLink, Stack, Tooltip } from '@mantine/core';
import { IconLayoutSidebarLeftCollapse, IconLayoutSidebarLeftExpand } from '@tabler/icons-react';
import { Link, useLocation } from 'react-router';
import { useMay } from '../api/session';
import { PLACES } from './navigation';
import classes from './sidebar.module.css';

/** The way to the main places: with words, or as icons alone. */
export function Sidebar(props: {
  readonly isNarrow: boolean;
  /** Absent where it cannot be made narrow. */
  readonly onToggle?: () => void;
  readonly onNavigate: () => void;
}) {
  const { isNarrow, onToggle, onNavigate } = props;
  const may = useMay();
  const { pathname } = useLocation();
  const places = PLACES.filter(({ anyOf }) => anyOf === undefined || anyOf.some(may));
  return (
    <Stack gap={4} h="100%" component="nav" aria-label="Main">
      {places.map(({ label, to, icon: Symbol, outside }) => {
        const isHere = outside !== true && (pathname === to || pathname.startsWith(`${to}/`));
        return (
          <Tooltip key={to} label={label} position="right" disabled={!isNarrow} openDelay={0}>
            <NavLink
              renderRoot={(root) =>
                outside === true ? <a href={to} {...root} /> : <Link to={to} {...root} />
              }
              label={isNarrow ? undefined : label}
              aria-label={label}
              aria-current={isHere ? 'page' : undefined}
              active={isHere}
              leftSection={<Symbol size={20} stroke={1.7} />}
              className={classes.place}
              data-narrow={isNarrow || undefined}
              onClick={onNavigate}
            />
          </Tooltip>
        );
      })}
      {onToggle !== undefined && (
        <ActionIcon
          mt="auto"
          mx={isNarrow ? 'auto' : 0}
          variant="subtle"
          color="gray"
          size="lg"
          onClick={onToggle}
          aria-label={isNarrow ? 'Widen the sidebar' : 'Narrow the sidebar'}
          aria-expanded={!isNarrow}
        >
          {isNarrow ? <IconLayoutSidebarLeftExpand /> : <IconLayoutSidebarLeftCollapse />}
        </ActionIcon>
      )}
    </Stack>
  );
}
