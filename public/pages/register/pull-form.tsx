import { Button, Card, Group, Switch, Text, TextInput, Title } from '@mantine/core';
import { IconListSearch } from '@tabler/icons-react';

/** Which servers of which registry, as people type it. */
export interface PullValues {
  readonly url: string;
  readonly search: string;
  readonly isUpdate: boolean;
}

/** Asks for a registry to pull from. */
export function PullForm(props: {
  readonly values: PullValues;
  readonly isLooking: boolean;
  readonly onChange: (values: PullValues) => void;
  readonly onLook: () => void;
}) {
  const { values, isLooking, onChange, onLook } = props;
  return (
    <Card
      p="lg"
      component="form"
      onSubmit={(event) => {
        event.preventDefault();
        onLook();
      }}
    >
      <Title order={2} size="h4">
        Pull from a registry
      </Title>
      <Text size="sm" c="dimmed" mb="sm">
        Any registry that speaks the MCP registry API v0.1, such as another gateway like this one.
        Nothing is registered before you have seen what will be.
      </Text>
      <Group align="flex-start">
        <TextInput
          label="URL of the registry"
          placeholder="https://registry.modelcontextprotocol.io"
          value={values.url}
          onChange={(event) => onChange({ ...values, url: event.currentTarget.value })}
          style={{ flex: '2 1 260px' }}
        />
        <TextInput
          label="Only names with"
          placeholder="weather"
          value={values.search}
          onChange={(event) => onChange({ ...values, search: event.currentTarget.value })}
          style={{ flex: '1 1 140px' }}
        />
      </Group>
      <Switch
        mt="sm"
        label="Change servers that are there already and are different"
        checked={values.isUpdate}
        onChange={(event) => onChange({ ...values, isUpdate: event.currentTarget.checked })}
      />
      <Button
        mt="md"
        type="submit"
        variant="default"
        leftSection={<IconListSearch size={16} />}
        loading={isLooking}
        disabled={values.url.trim() === ''}
      >
        Show what it has
      </Button>
    </Card>
  );
}
