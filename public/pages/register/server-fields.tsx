import { Accordion, Card, Stack, Text, Title } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import type { StoredAuth } from './auth-values';
import { AuthFields } from './auth-fields';
import { BasicFields } from './basic-fields';
import { ConnectionFields } from './connection-fields';
import { LimitFields } from './limit-fields';
import type { ServerForm } from './use-server-form';

const SECTIONS = [
  { key: 'auth', title: 'Credentials', of: /^auth\b/ },
  {
    key: 'connection',
    title: 'Connection',
    of: /^(transport|hostHeader|timeoutSeconds|maxBodyBytes|tls)\b/,
  },
  { key: 'limits', title: 'Limits', of: /^limits\b/ },
] as const;

const HINTS: Readonly<Record<(typeof SECTIONS)[number]['key'], string>> = {
  auth: 'How the gateway proves itself to the server',
  connection: 'Transport, timeout, body size, Host, TLS',
  limits: 'How often one caller may use it',
};

/** All fields of a server: the basic ones, and the others folded until they are wanted or wrong. */
export function ServerFields(props: {
  readonly form: ServerForm;
  readonly taken: ReadonlySet<string>;
  readonly stored: StoredAuth | undefined;
  readonly suggests: boolean;
}) {
  const { form, taken, stored, suggests } = props;
  const [opened, setOpened] = useState<string[]>([]);
  const faulty = SECTIONS.filter(({ of }) =>
    Object.keys(form.errors).some((field) => of.test(field)),
  ).map(({ key }) => key);
  const content: Readonly<Record<(typeof SECTIONS)[number]['key'], ReactNode>> = {
    auth: <AuthFields form={form} stored={stored} />,
    connection: <ConnectionFields form={form} />,
    limits: <LimitFields form={form} />,
  };
  return (
    <Stack>
      <Card p="lg">
        <Title order={2} size="h4" mb="md">
          The server
        </Title>
        <BasicFields form={form} taken={taken} suggests={suggests} />
      </Card>
      <Accordion
        multiple
        variant="separated"
        order={2}
        value={[...new Set([...opened, ...faulty])]}
        onChange={setOpened}
        chevronPosition="left"
      >
        {SECTIONS.map(({ key, title }) => (
          <Accordion.Item
            key={key}
            value={key}
            style={{ background: 'var(--surface)', borderColor: 'var(--line)' }}
          >
            <Accordion.Control>
              <Text fw={600}>{title}</Text>
              <Text size="xs" c="dimmed">
                {HINTS[key]}
              </Text>
            </Accordion.Control>
            <Accordion.Panel>{content[key]}</Accordion.Panel>
          </Accordion.Item>
        ))}
      </Accordion>
    </Stack>
  );
}
