import { Alert, Button, Group, Select, Text } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';
import { useState } from 'react';
import { useServerToken } from '../../../api/clients';
import type { ServerView } from '../../../api/servers';
import { useMay } from '../../../api/session';
import { CopyField } from '../../../components/copy-field';
import { notifyError } from '../../../components/notify';
import { TimeAgo } from '../../../components/time-ago';

/** A token that was just made; nobody can show it again. */
export interface ShownToken {
  readonly name: string;
  readonly secret: string;
  readonly expiresAt?: string;
}

const ENDS = [
  { value: '1', label: 'for a day' },
  { value: '7', label: 'for a week' },
  { value: '30', label: 'for 30 days' },
  { value: '90', label: 'for 90 days' },
  { value: '365', label: 'for a year' },
  { value: 'never', label: 'until it is revoked' },
];

/** Makes a token that is good for this server alone, or for all of the gateway where that is the server. */
export function TokenMaker(props: {
  readonly server: ServerView;
  readonly token?: ShownToken;
  readonly onToken: (token: ShownToken) => void;
}) {
  const { server, token, onToken } = props;
  const may = useMay();
  const make = useServerToken();
  const [end, setEnd] = useState('30');
  if (token !== undefined) return <Made token={token} />;
  if (!may('tokens:own')) return null;
  const makeNow = () =>
    make.mutate(
      {
        name: `${server.name} from the console`.slice(0, 120),
        ...(server.builtIn !== true && { server: server.path }),
        ...(end !== 'never' && { expiresInDays: Number(end) }),
      },
      {
        onSuccess: ({ name, token: secret, expiresAt }) =>
          onToken({ name, secret, ...(expiresAt !== undefined && { expiresAt }) }),
        onError: (error) => notifyError('The token could not be made', error),
      },
    );
  return (
    <Group align="flex-end" gap="sm">
      <Select
        label="The token is good"
        w={190}
        data={ENDS}
        value={end}
        onChange={(value) => value !== null && setEnd(value)}
        allowDeselect={false}
      />
      <Button leftSection={<IconKey size={16} />} onClick={makeNow} loading={make.isPending}>
        Make a token
      </Button>
      <Text size="sm" c="dimmed" flex={1} miw={200}>
        {server.builtIn === true
          ? 'It may do what you may, on every server.'
          : 'It may use this server as you may, and nothing else.'}
      </Text>
    </Group>
  );
}

function Made({ token: { name, secret, expiresAt } }: { readonly token: ShownToken }) {
  return (
    <Alert color="teal" icon={<IconKey />} title="The token stands in the text below" role="status">
      <Text size="sm" mb={6}>
        It is shown this once, until you leave this page.{' '}
        {expiresAt === undefined ? (
          'It is good until it is revoked'
        ) : (
          <>
            It ends <TimeAgo at={expiresAt} />
          </>
        )}
        , and is listed as “{name}”.
      </Text>
      <CopyField value={secret} what="token" />
    </Alert>
  );
}
