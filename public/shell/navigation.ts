import {
  IconBook2,
  IconChartBar,
  IconClipboardList,
  IconKey,
  IconRoute,
  IconServer2,
  IconSettings,
  IconTools,
  type Icon,
} from '@tabler/icons-react';
import type { Permission } from '../../registry/access/principal.js';

interface Place {
  readonly label: string;
  /** Within the console, or an address of the registry beside it. */
  readonly to: string;
  readonly icon: Icon;
  /** Who has none of these is not shown it; absent: everybody is. */
  readonly anyOf?: readonly Permission[];
  readonly outside?: true;
}

/** The main places, in their order. */
export const PLACES: readonly Place[] = [
  { label: 'Servers', to: '/servers', icon: IconServer2 },
  { label: 'Tools', to: '/tools', icon: IconTools },
  { label: 'Usage', to: '/usage', icon: IconChartBar },
  { label: 'Gateway', to: '/gateway', icon: IconRoute, anyOf: ['gateway:read'] },
  {
    label: 'Access',
    to: '/access',
    icon: IconKey,
    anyOf: ['tokens:own', 'tokens:manage', 'groups:read', 'users:manage'],
  },
  { label: 'Audit', to: '/audit', icon: IconClipboardList, anyOf: ['audit:read'] },
  { label: 'Settings', to: '/settings', icon: IconSettings, anyOf: ['gateway:read'] },
  { label: 'API', to: '/docs', icon: IconBook2, outside: true },
];
