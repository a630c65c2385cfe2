import { Button, Card, Group, Skeleton, TextInput, Title } from '@mantine/core';
import { useState } from 'react';
import { useCall, type CallView } from '../../api/usage';
import { ErrorAlert } from '../../components/error-alert';
import { Facts } from '../../components/facts';
import { TimeAgo } from '../../components/time-ago';
import { UntrustedText } from '../../components/untrusted-text';
import { byteText } from '../../components/byte-text';
import { elapsedText } from '../../components/elapsed-text';
import { keyText } from './usage-words';

/** What became of one request, by the id that its answer carried. */
export function RequestLookUp(props: {
  /** Empty: none is looked up. */
  readonly requestId: string;
  readonly onLookUp: (requestId: string) => void;
}) {
  const { requestId, onLookUp } = props;
  const [text, setText] = useState(requestId);
  const { data, error, refetch } = useCall(requestId);
  return (
    <Card>
      <Title order={2} size="h5" mb="xs">
        Look up a request
      </Title>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onLookUp(text.trim());
          if (text.trim() === requestId && requestId !== '') void refetch();
        }}
      >
        <Group align="flex-end" gap="sm" mb={requestId === '' ? 0 : 'md'}>
          <TextInput
            label="Request id"
            description="Every answer of the gateway has it in its header X-Request-Id."
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            maxLength={200}
            autoComplete="off"
            flex="1 1 240px"
            maw={480}
          />
          <Button type="submit" variant="default">
            Look up
          </Button>
        </Group>
      </form>
      <div role="status">
        {requestId !== '' && error !== null && <ErrorAlert error={error} />}
        {requestId !== '' && error === null && data === undefined && (
          <Skeleton h={120} aria-label="Loading" />
        )}
        {requestId !== '' && error === null && data !== undefined && <CallFacts call={data} />}
      </div>
    </Card>
  );
}

function CallFacts({ call }: { readonly call: CallView }) {
  const { at, principal, server, tool, method, httpMethod, subject, status, outcome } = call;
  const untrusted = (text: string) =>
    text === '' ? undefined : <UntrustedText inline text={text} size="sm" max={300} />;
  return (
    <Facts
      of={{
        Ended: <TimeAgo at={at} />,
        Caller: keyText('principal', principal),
        Server: keyText('server', server),
        Method: untrusted([httpMethod, method].filter(Boolean).join(' ')),
        Tool: untrusted(tool),
        'Prompt or resource': untrusted(subject),
        Answer: `${String(status)} ${outcome}${call.ownAnswer ? ', by the gateway itself' : ''}`,
        Error: call.error === '' ? undefined : call.error,
        Took: elapsedText(call.durationMs),
        'First byte': call.firstByteMs === undefined ? undefined : elapsedText(call.firstByteMs),
        Bytes: `${byteText(call.bytesIn)} in, ${byteText(call.bytesOut)} out`,
        Upstream: untrusted(call.upstream),
      }}
    />
  );
}
