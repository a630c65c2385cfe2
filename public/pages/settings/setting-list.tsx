import { Badge, Card, Code, Group, Skeleton, Stack, Switch, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { useSettings, type Setting } from '../../api/settings';
import { ErrorAlert } from '../../components/error-alert';
import { TextFilter } from '../../components/text-filter';
import { shownSettings } from './shown-settings';
import classes from './settings.module.css';

/** Every variable that is read, with its value. */
export function SettingList() {
  const { data, error, refetch } = useSettings();
  const [query, setQuery] = useState('');
  const [onlySet, setOnlySet] = useState(false);
  const shown = shownSettings(data?.settings ?? [], query, onlySet);
  return (
    <section aria-labelledby="settings">
      <Group justify="space-between" mb="md" gap="sm">
        <Title order={2} size="h4" id="settings">
          Environment
        </Title>
        <Group gap="md">
          <Switch
            label="Only what is set"
            checked={onlySet}
            onChange={(event) => setOnlySet(event.currentTarget.checked)}
          />
          <TextFilter value={query} onChange={setQuery} label="Search settings" w={260} />
        </Group>
      </Group>
      {error !== null && <ErrorAlert error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null && <Skeleton h={320} aria-busy />}
      {data !== undefined && shown.length === 0 && <Text c="dimmed">No setting is called so.</Text>}
      {shown.length > 0 && (
        <Card p={0}>
          <Stack component="ul" gap={0} className={classes.list}>
            {shown.map((setting) => (
              <SettingRow key={setting.name} setting={setting} />
            ))}
          </Stack>
        </Card>
      )}
    </section>
  );
}

function SettingRow({ setting }: { readonly setting: Setting }) {
  const { name, isDefault, description } = setting;
  return (
    <li className={classes.row}>
      <div>
        <Code className={classes.name}>{name}</Code>
        <Text size="sm" c="dimmed" mt={4}>
          {description}
        </Text>
      </div>
      <div className={classes.value}>
        <Value setting={setting} />
        <Badge color={isDefault ? 'gray' : 'brand'} size="sm">
          {isDefault ? 'default' : 'set'}
        </Badge>
      </div>
    </li>
  );
}

function Value({ setting: { value, secret, isDefault } }: { readonly setting: Setting }) {
  if (secret) {
    return (
      <Text size="sm" c="dimmed">
        {isDefault ? 'not set' : 'secret, not shown'}
      </Text>
    );
  }
  if (value === null || value === '') {
    return (
      <Text size="sm" c="dimmed">
        {value === null ? 'not set' : 'empty'}
      </Text>
    );
  }
  return (
    <Text size="sm" ff="monospace" className={classes.text}>
      {value}
    </Text>
  );
}
