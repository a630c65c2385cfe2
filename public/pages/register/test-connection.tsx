import { Alert, Badge, Button, Card, Group, Stack, Text, Title } from '@mantine/core';
import { IconPlugConnected } from '@tabler/icons-react';
import { useProbe, type ServerProbe } from '../../api/probe';
import type { ServerBody } from '../../api/server-changes';
import { ErrorAlert } from '../../components/error-alert';
import { UntrustedText } from '../../components/untrusted-text';
import type { AuthValues, StoredAuth } from './auth-values';
import { faultsOfForm } from './form-faults';
import { inputOf, type ServerFormValues } from './form-values';
import { findingsOf, type Finding } from './probe-findings';
import { showFieldErrors, type ServerForm } from './use-server-form';
import classes from './register.module.css';

/** The fields that a test depends on. */
const TRIED = /^(url|transport|hostHeader|tls|auth)\b/;
const NONE: ReadonlySet<string> = new Set();

/** Tries the server as it is written now, before it is saved. */
export function TestConnection(props: {
  readonly form: ServerForm;
  readonly existing: { readonly path: string; readonly stored: StoredAuth } | undefined;
}) {
  const { form, existing } = props;
  const probe = useProbe();
  const values = form.getValues();
  const body = probeBody(values, existing);
  const isOld =
    probe.variables !== undefined && JSON.stringify(probe.variables) !== JSON.stringify(body);
  const test = () => {
    const faults = Object.entries(faultsOfForm(values, { taken: NONE, stored: existing?.stored }));
    const wrong = faults.filter(([field]) => TRIED.test(field));
    form.setErrors({ ...form.errors, ...Object.fromEntries(wrong) });
    if (wrong.length > 0) return;
    probe.mutate(body, { onError: (error) => void showFieldErrors(form, error) });
  };
  return (
    <Card p="lg">
      <Group justify="space-between" mb="xs">
        <Title order={2} size="h4">
          Connection
        </Title>
        <Button
          variant="default"
          size="xs"
          loading={probe.isPending}
          leftSection={<IconPlugConnected size={16} />}
          onClick={test}
        >
          Test connection
        </Button>
      </Group>
      <Stack gap="sm" aria-live="polite">
        {probe.data === undefined && probe.error === null && (
          <Text size="sm" c="dimmed">
            Shows what is found at the address: transport, protocol, tools, and what is wrong.
            Nothing is saved.
          </Text>
        )}
        {probe.error !== null && <ErrorAlert error={probe.error} />}
        {probe.data !== undefined && (
          <>
            {isOld && (
              <Text size="xs" c="dimmed" role="status">
                The form has changed since this test.
              </Text>
            )}
            <Findings
              result={probe.data}
              findings={findingsOf(probe.data, triedIn(probe.variables))}
            />
          </>
        )}
      </Stack>
    </Card>
  );
}

function probeBody(
  values: ServerFormValues,
  existing: { path: string; stored: StoredAuth } | undefined,
) {
  const { url, transport, tls, hostHeader, auth } = inputOf(values, existing?.stored);
  return { url, transport, tls, hostHeader, auth, ...(existing && { path: existing.path }) };
}

/** Of the test, whatever the form says meanwhile. */
function triedIn({ url, tls, auth }: ServerBody): Parameters<typeof findingsOf>[1] {
  return {
    url: String(url),
    verify: (tls as ServerFormValues['tls']).verify,
    auth: (auth as AuthValues).type,
  };
}

function Findings(props: { readonly result: ServerProbe; readonly findings: readonly Finding[] }) {
  const { result, findings } = props;
  const { tools, prompts, resources, warnings } = result;
  return (
    <>
      <dl className={classes.findings}>
        {findings.map(({ label, text, mood }) => (
          <div key={label} className={classes.finding}>
            <dt>{label}</dt>
            <dd data-mood={mood}>
              <UntrustedText
                inline
                text={text}
                max={600}
                c="inherit"
                size="sm"
                className={classes.wrap}
              />
            </dd>
          </div>
        ))}
        {result.health.usable === 'ok' && (
          <div className={classes.finding}>
            <dt>Offers</dt>
            <dd>
              {tools.length} tools, {prompts.length} prompts, {resources.length} resources
            </dd>
          </div>
        )}
      </dl>
      {tools.length > 0 && (
        <Group
          gap={6}
          className={classes.tools}
          tabIndex={0}
          role="region"
          aria-label="Tools found"
        >
          {tools.map(({ name, title, description }) => (
            <Badge key={name} color="gray" title={(description ?? title ?? name).slice(0, 300)}>
              <UntrustedText inline text={name} max={80} inherit />
            </Badge>
          ))}
        </Group>
      )}
      {warnings.map((warning) => (
        <Alert key={warning} color="yellow" p="xs">
          <UntrustedText text={warning} size="sm" />
        </Alert>
      ))}
    </>
  );
}
