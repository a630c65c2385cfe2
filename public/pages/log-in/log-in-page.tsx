import { Alert, Button, Divider, List, PasswordInput, Stack, TextInput } from '@mantine/core';
import { IconAlertTriangle, IconLogin2 } from '@tabler/icons-react';
import { useState, type SyntheticEvent } from 'react';
import { Navigate, useSearchParams } from 'react-router';
import { checkLogIn, useLogInMethods, type LoginCheck } from '../../api/log-in-methods';
import { explain, Problem } from '../../api/problem';
import { useLogIn, useMe } from '../../api/session';
import { LogInFrame } from './log-in-frame';

/** Codes that the way back from the identity provider brings. */
const ERRORS: Readonly<Record<string, string>> = {
  'log-in-failed': 'The log-in at the identity provider did not succeed. Try again.',
  'identity-provider-unavailable': 'The identity provider does not answer. Try again in a moment.',
  forbidden: 'The identity provider knows you, but you have no account here, or it is disabled.',
};

export function LogInPage() {
  const me = useMe();
  const [search] = useSearchParams();
  const next = innerAddress(search.get('next'));
  if (me.data !== undefined && me.data !== null) return <Navigate to={next} replace />;
  return (
    <LogInFrame title="Log in" description="One front door for every MCP server.">
      <PasswordForm />
      <ProviderButton next={next} />
      <ProviderError code={search.get('error')} />
    </LogInFrame>
  );
}

function PasswordForm() {
  const logIn = useLogIn();
  const [check, setCheck] = useState<LoginCheck>();
  const submit = (event: SyntheticEvent<HTMLFormElement>) => {
    event.preventDefault();
    setCheck(undefined);
    const data = new FormData(event.currentTarget);
    const text = (name: string) => {
      const value = data.get(name);
      return typeof value === 'string' ? value : '';
    };
    logIn.mutate(
      { username: text('username'), password: text('password') },
      { onError: (error) => void explainLost(error).then(setCheck) },
    );
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <TextInput name="username" label="User name" autoComplete="username" required autoFocus />
        <PasswordInput name="password" label="Password" autoComplete="current-password" required />
        {logIn.error !== null && <Refusal error={logIn.error} check={check} />}
        <Button
          type="submit"
          loading={logIn.isPending}
          leftSection={<IconLogin2 size={18} />}
          mt="xs"
          fullWidth
        >
          Log in
        </Button>
      </Stack>
    </form>
  );
}

/** The password was right, and yet the next request had no session: the browser dropped the cookie. */
async function explainLost(error: unknown): Promise<LoginCheck | undefined> {
  if (!(error instanceof Problem) || error.code !== 'authentication-required') return undefined;
  return checkLogIn().catch(() => undefined);
}

function Refusal({
  error,
  check,
}: {
  readonly error: Error;
  readonly check: LoginCheck | undefined;
}) {
  if (check === undefined) {
    return (
      <Alert color="red" icon={<IconAlertTriangle />} role="alert">
        {explain(error)}
      </Alert>
    );
  }
  return (
    <Alert
      color="red"
      icon={<IconAlertTriangle />}
      title="Your password is right, but the browser did not keep the session"
      role="alert"
    >
      <List size="sm" spacing="xs">
        {check.hints.map(({ code, message }) => (
          <List.Item key={code}>{message}</List.Item>
        ))}
      </List>
    </Alert>
  );
}

function ProviderButton({ next }: { readonly next: string }) {
  const { data } = useLogInMethods();
  if (data?.oidc === undefined) return null;
  const { name, url } = data.oidc;
  return (
    <>
      <Divider label="or" />
      <Button
        component="a"
        href={`${url}?returnTo=${encodeURIComponent(`/ui${next}`)}`}
        variant="default"
        fullWidth
      >
        Log in with {name}
      </Button>
    </>
  );
}

function ProviderError({ code }: { readonly code: string | null }) {
  if (code === null) return null;
  return (
    <Alert color="red" icon={<IconAlertTriangle />} role="alert">
      {ERRORS[code] ?? 'The log-in did not succeed.'}
    </Alert>
  );
}

/** An address within the console, whatever the link that led here says. */
function innerAddress(next: string | null): string {
  return next !== null && /^\/(?![/\\])/.test(next) ? next : '/servers';
}
