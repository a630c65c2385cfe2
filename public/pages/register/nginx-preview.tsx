import {
  Accordion,
  Alert,
  Button,
  Card,
  Collapse,
  Group,
  Skeleton,
  Stack,
  Text,
  Title,
} from '@mantine/core';
import { useDebouncedValue, useDisclosure } from '@mantine/hooks';
import { usePreview } from '../../api/preview';
import { CodeBlock } from '../../components/code-block';
import { ErrorAlert } from '../../components/error-alert';
import type { StoredAuth } from './auth-values';
import { faultsOfForm } from './form-faults';
import { inputOf } from './form-values';
import type { ServerForm } from './use-server-form';

const TYPING_MS = 400;

interface Props {
  readonly form: ServerForm;
  readonly stored: StoredAuth | undefined;
  readonly taken: ReadonlySet<string>;
}

/** What nginx would be given for the server as it is written now. */
export function NginxPreview(props: Props) {
  const [isOpen, { toggle }] = useDisclosure();
  return (
    <Card p="lg">
      <Group justify="space-between">
        <Title order={2} size="h4">
          nginx
        </Title>
        <Button variant="default" size="xs" onClick={toggle} aria-expanded={isOpen}>
          {isOpen ? 'Hide the block' : 'Show the block'}
        </Button>
      </Group>
      <Collapse expanded={isOpen}>{isOpen && <Rendered {...props} />}</Collapse>
    </Card>
  );
}

function Rendered({ form, stored, taken }: Props) {
  const [values] = useDebouncedValue(form.getValues(), TYPING_MS);
  const wrong = Object.keys(faultsOfForm(values, { taken, stored }));
  const isReady = wrong.length === 0;
  const { data, error } = usePreview(inputOf(values, stored), isReady);
  if (!isReady) {
    return (
      <Text size="sm" c="dimmed" mt="sm" role="status">
        It is shown once the form is right. Not yet: {wrong.join(', ')}.
      </Text>
    );
  }
  if (error !== null) return <ErrorAlert error={error} title="It cannot be rendered yet" />;
  if (data === undefined) return <Skeleton height={120} mt="sm" />;
  return (
    <Stack gap="sm" mt="sm">
      {data.exclusions.map(({ path, reason, detail }) => (
        <Alert key={`${path} ${reason}`} color="yellow" title="nginx would not serve it as it is">
          {detail}
        </Alert>
      ))}
      <Text size="sm" c="dimmed">
        {data.reload
          ? 'nginx would be reloaded; open streams go on.'
          : 'nginx would not be reloaded.'}
      </Text>
      <Accordion
        key={data.files.map(({ path }) => path).join()}
        multiple
        defaultValue={data.files.slice(0, 1).map(({ path }) => path)}
        order={3}
      >
        {data.files.map(({ path, text }) => (
          <Accordion.Item key={path} value={path}>
            <Accordion.Control>
              <Text size="sm" ff="monospace">
                {path}
              </Text>
            </Accordion.Control>
            <Accordion.Panel>
              <CodeBlock text={text} language="nginx" label={`Text of ${path}`} maxHeight={360} />
            </Accordion.Panel>
          </Accordion.Item>
        ))}
      </Accordion>
    </Stack>
  );
}
