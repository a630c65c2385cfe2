import {
  Alert,
  Anchor,
  Badge,
  Button,
  Card,
  Code,
  Group,
  Skeleton,
  Stack,
  Table,
  Text,
  Title,
} from '@mantine/core';
import { IconUsersGroup, IconWorld } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { ServerAccess } from '../../../registry/operations/access/access-view.js';
import { useServerAccess, type Grants } from '../../api/server-findings';
import type { ServerView } from '../../api/servers';
import { EmptyState } from '../../components/empty-state';
import { ErrorAlert } from '../../components/error-alert';

/** Who may call the server, and through what. */
export function AccessTab({ server }: { readonly server: ServerView }) {
  const { data, error, refetch } = useServerAccess(server.path);
  if (data === undefined) {
    if (error !== null) return <ErrorAlert error={error} onRetry={() => void refetch()} />;
    return <Skeleton h={260} aria-label="Loading" />;
  }
  const { access, groups, users = [], tokens = [] } = data;
  const isNobody = groups.length === 0 && users.length === 0 && tokens.length === 0;
  return (
    <Stack gap="lg">
      {access === 'public' && (
        <Alert
          color="orange"
          icon={<IconWorld />}
          title="Everybody who reaches the gateway may call it"
        >
          It is public: no token is asked for, and groups decide nothing. Change that under Edit.
        </Alert>
      )}
      {access !== 'public' && isNobody && <Nobody />}
      {groups.length > 0 && <GroupTable groups={groups} />}
      {users.length > 0 && (
        <AccessCard title="People">
          <SimpleTable
            head={['User', 'May call', 'Because']}
            rows={users.map(({ username, grants, via }) => [
              username,
              <GrantBadge key="grants" grants={grants} />,
              via,
            ])}
          />
        </AccessCard>
      )}
      {tokens.length > 0 && (
        <AccessCard title="Tokens">
          <SimpleTable
            head={['Token', 'Of', 'May call']}
            rows={tokens.map(({ name, owner, grants }) => [
              name,
              owner,
              <GrantBadge key="grants" grants={grants} />,
            ])}
          />
        </AccessCard>
      )}
      <Text size="sm" c="dimmed">
        Whether somebody may call a single tool, and why, is told on the page{' '}
        <Anchor component={Link} to="/access" inherit>
          Access
        </Anchor>
        .
      </Text>
    </Stack>
  );
}

function Nobody() {
  return (
    <EmptyState
      icon={IconUsersGroup}
      title="No group gives this server to anybody"
      action={
        <Button component={Link} to="/access" mt="xs">
          Go to groups
        </Button>
      }
    >
      Only its owner and administrators can call it now. Add a group that names it, then give that
      group to people and tokens.
    </EmptyState>
  );
}

function GroupTable({ groups }: { readonly groups: ServerAccess['groups'] }) {
  return (
    <AccessCard title="Groups">
      <SimpleTable
        head={['Group', 'May call', 'Tools', 'But not']}
        rows={groups.map(({ name, grants, tools, denyTools }) => [
          <Anchor key="name" component={Link} to="/access" inherit>
            {name}
          </Anchor>,
          <GrantBadge key="grants" grants={grants} />,
          <Patterns key="tools" patterns={tools} />,
          <Patterns key="deny" patterns={denyTools} />,
        ])}
      />
    </AccessCard>
  );
}

function Patterns({ patterns }: { readonly patterns: readonly string[] }) {
  return (
    <Group gap={4}>
      {patterns.slice(0, 20).map((pattern) => (
        <Code key={pattern}>{pattern}</Code>
      ))}
      {patterns.length > 20 && `and ${String(patterns.length - 20)} more`}
    </Group>
  );
}

function AccessCard({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <Card p="lg">
      <Title order={2} size="h4" mb="sm">
        {title}
      </Title>
      {children}
    </Card>
  );
}

function SimpleTable(props: {
  readonly head: readonly string[];
  readonly rows: readonly (readonly ReactNode[])[];
}) {
  return (
    <Table.ScrollContainer minWidth={420}>
      <Table>
        <Table.Thead>
          <Table.Tr>
            {props.head.map((text) => (
              <Table.Th key={text}>{text}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {props.rows.map((cells, row) => (
            <Table.Tr key={row}>
              {cells.map((cell, column) => (
                <Table.Td key={column}>{cell}</Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

const GRANTS = {
  all: { color: 'teal', label: 'all tools' },
  some: { color: 'brand', label: 'some tools' },
  none: { color: 'gray', label: 'nothing' },
} as const;

function GrantBadge({ grants }: { readonly grants: Grants }) {
  const { color, label } = GRANTS[grants];
  return (
    <Badge color={color} miw="max-content">
      {label}
    </Badge>
  );
}
