import { Badge, Card, Group, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { useMe } from '../../api/session';
import { notifyDone } from '../../components/notify';
import { PageHeader } from '../../components/page-header';
import { PasswordChangeForm } from '../log-in/password-change-form';
import { SessionList } from './session-list';

/** One's own account: what one may do, the password, and where one is logged in. */
export function AccountPage() {
  const { data: me } = useMe();
  if (me === undefined || me === null) return null;
  return (
    <>
      <PageHeader title="Account" description={`You are logged in as ${me.username}.`} />
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
        <Stack>
          <Card p="lg">
            <Title order={2} size="h4" mb="sm">
              What you may do
            </Title>
            <Facts label="Roles" values={me.roles} none="none: you see public servers only" />
            <Facts label="Groups" values={me.groups} none="none" />
          </Card>
          <SessionList />
        </Stack>
        <Card p="lg" style={{ alignSelf: 'start' }}>
          <Title order={2} size="h4" mb="sm">
            Password
          </Title>
          {me.endSessionUrl === undefined ? (
            <PasswordChangeForm
              onDone={() =>
                notifyDone('Your password was changed', 'Your other sessions have ended.')
              }
            />
          ) : (
            <Text size="sm" c="dimmed">
              You log in through your identity provider, which keeps your password.
            </Text>
          )}
        </Card>
      </SimpleGrid>
    </>
  );
}

function Facts(props: {
  readonly label: string;
  readonly values: readonly string[];
  readonly none: string;
}) {
  const { label, values, none } = props;
  return (
    <Group gap="xs" mt="xs">
      <Text size="sm" c="dimmed" w={70}>
        {label}
      </Text>
      {values.length === 0 ? (
        <Text size="sm">{none}</Text>
      ) : (
        values.map((value) => (
          <Badge key={value} color="gray">
            {value}
          </Badge>
        ))
      )}
    </Group>
  );
}
