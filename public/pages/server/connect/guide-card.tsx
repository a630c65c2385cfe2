import { Button, Card, Code, Group, List, Skeleton, Stack, Text, Title } from '@mantine/core';
import { IconExternalLink } from '@tabler/icons-react';
import { useClientGuide } from '../../../api/clients';
import type { ServerView } from '../../../api/servers';
import { CodeBlock } from '../../../components/code-block';
import { ErrorAlert } from '../../../components/error-alert';
import { withToken } from './guide-text';
import { TokenMaker, type ShownToken } from './token-maker';

/** What to write where for one program, with a token in it as soon as there is one. */
export function GuideCard(props: {
  readonly server: ServerView;
  readonly host: string;
  readonly token?: ShownToken;
  readonly onToken: (token: ShownToken) => void;
}) {
  const { server, host, token, onToken } = props;
  const { data: guide, error, refetch } = useClientGuide(host, server.path, server.revision);
  if (guide === undefined) {
    if (error !== null) return <ErrorAlert error={error} onRetry={() => void refetch()} />;
    return <Skeleton h={300} aria-label="Loading" />;
  }
  const { title, text, language, file, placeholder, installUrl, notes } = guide;
  const install = installUrl === undefined ? undefined : installLink(installUrl);
  return (
    <Card p="lg">
      <Stack gap="md">
        <Group justify="space-between">
          <Title order={2} size="h4">
            {title}
          </Title>
          {install !== undefined && (
            <Button
              component="a"
              href={install}
              rel="noreferrer"
              variant="light"
              leftSection={<IconExternalLink size={16} />}
            >
              Add to {title}
            </Button>
          )}
        </Group>
        {placeholder !== undefined && (
          <TokenMaker server={server} onToken={onToken} {...(token && { token })} />
        )}
        {file !== undefined && (
          <Text size="sm">
            Goes into <Code>{file}</Code>
          </Text>
        )}
        <CodeBlock
          text={withToken(text, placeholder, token?.secret)}
          language={language}
          label={`configuration for ${title}`}
        />
        {notes.length > 0 && (
          <List size="sm" spacing={4} c="dimmed">
            {notes
              // What the first note asks for is done when the token stands in the text.
              .filter(
                (note) =>
                  token === undefined || placeholder === undefined || !note.includes(placeholder),
              )
              .map((note) => (
                <List.Item key={note}>{note}</List.Item>
              ))}
          </List>
        )}
      </Stack>
    </Card>
  );
}

/** Links of the registry open programs; anything that could run in this page is none. */
function installLink(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined;
  const { protocol } = new URL(url);
  return ['javascript:', 'data:', 'blob:', 'vbscript:'].includes(protocol) ? undefined : url;
}
