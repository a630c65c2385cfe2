import { ActionIcon, Button, Group, Skeleton, Text, Tooltip } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconKey, IconPlus, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useMay, useMe } from '../../api/session';
import { useRevokeToken, useTokens, type TokenView } from '../../api/tokens';
import { CardTable, type Column } from '../../components/card-table';
import { useConfirm } from '../../components/confirm';
import { EmptyState } from '../../components/empty-state';
import { ErrorAlert } from '../../components/error-alert';
import { NameList } from '../../components/name-list';
import { notifyDone, notifyError } from '../../components/notify';
import { TextFilter } from '../../components/text-filter';
import { TimeAgo } from '../../components/time-ago';
import { NewToken } from './new-token';

const NONE: readonly TokenView[] = [];

/** The tokens of programs: one's own, or those of everybody. */
export function TokensTab() {
  const { data, error, refetch } = useTokens();
  const seesAll = useMay()('tokens:manage');
  const [isOpen, { open, close }] = useDisclosure();
  const [query, setQuery] = useState('');
  const tokens = data?.tokens ?? NONE;
  const shown = tokens.filter(({ name, owner, groups, server = '' }) =>
    [name, owner, server, ...groups].some((text) =>
      text.toLowerCase().includes(query.trim().toLowerCase()),
    ),
  );
  const create = (
    <Button leftSection={<IconPlus size={18} />} onClick={open}>
      Create a token
    </Button>
  );
  return (
    <>
      <NewToken opened={isOpen} onClose={close} />
      {error !== null && <ErrorAlert error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null && <Skeleton h={160} aria-busy />}
      {data !== undefined && tokens.length === 0 && (
        <EmptyState icon={IconKey} title="No tokens yet" action={create}>
          A program shows a token to use servers that ask for one, or this API. It may do no more
          than you.
        </EmptyState>
      )}
      {tokens.length > 0 && (
        <>
          <Group justify="space-between" mb="md">
            <TextFilter value={query} onChange={setQuery} label="Search tokens" w={280} />
            {create}
          </Group>
          <TokenTable tokens={shown} seesAll={seesAll} />
          {shown.length === 0 && <Text c="dimmed">No token is called so.</Text>}
        </>
      )}
    </>
  );
}

function TokenTable(props: { readonly tokens: readonly TokenView[]; readonly seesAll: boolean }) {
  const { tokens, seesAll } = props;
  const revoke = useRevokeToken();
  const { data: me } = useMe();
  const [ask, dialog] = useConfirm();
  if (tokens.length === 0) return dialog;
  const askToRevoke = ({ id, name, owner }: TokenView) =>
    ask({
      title: `Revoke ${name}?`,
      children: (
        <Text size="sm">
          Every program that uses this token{owner === me?.username ? '' : ` of ${owner}`} is
          refused from its next request on. A revoked token cannot be brought back.
        </Text>
      ),
      action: 'Revoke',
      danger: true,
      onConfirm: () =>
        revoke.mutate(id, {
          onSuccess: () => notifyDone(`${name} was revoked`),
          onError: (error) => notifyError(`${name} could not be revoked`, error),
        }),
    });
  const columns: [Column<TokenView>, ...Column<TokenView>[]] = [
    { label: 'Name', cell: ({ name }) => name },
    ...(seesAll ? [{ label: 'Owner', cell: ({ owner }: TokenView) => owner }] : []),
    { label: 'May use', cell: (token) => <Reach token={token} /> },
    {
      label: 'At the API',
      cell: ({ scopes }) => <NameList names={scopes} none="nothing" />,
    },
    {
      label: 'Last use',
      cell: ({ lastUsedAt }) =>
        lastUsedAt === undefined ? 'never' : <TimeAgo at={lastUsedAt} size="sm" />,
    },
    { label: 'Expires', cell: (token) => <Expiry token={token} /> },
  ];
  return (
    <>
      <CardTable
        label="Tokens"
        rows={tokens}
        keyOf={({ id }) => id}
        columns={columns}
        actions={(token) => (
          <Tooltip label="Revoke">
            <ActionIcon
              variant="subtle"
              color="red"
              onClick={() => askToRevoke(token)}
              aria-label={`Revoke ${token.name}`}
            >
              <IconTrash size={18} />
            </ActionIcon>
          </Tooltip>
        )}
      />
      {dialog}
    </>
  );
}

function Reach({ token: { groups, server, scopes } }: { readonly token: TokenView }) {
  if (server !== undefined) {
    return (
      <>
        <Text size="sm">{server}</Text>
        {groups.length > 0 && <NameList names={groups} none="" />}
      </>
    );
  }
  const none = scopes.includes('admin') ? 'everything its owner may' : 'public servers';
  return <NameList names={groups} none={none} color="brand" />;
}

function Expiry({ token: { expiresAt } }: { readonly token: TokenView }) {
  if (expiresAt === undefined) return 'never';
  return <TimeAgo at={expiresAt} size="sm" />;
}
