import { Anchor, Button, Code, Group, Text } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useState } from 'react';
import { LongCode } from '../../../components/long-code';
import { saveFile } from '../../../components/save-file';
import { UntrustedText } from '../../../components/untrusted-text';
import { isWebLink, megabytes, type ResultPart } from './result-parts';
import classes from './run.module.css';

const FIRST_PARTS = 30;
const TEXT_CHARACTERS = 5_000;

/** What a tool answered, part by part, as something to look at and never to run. */
export function ResultParts({ parts }: { readonly parts: readonly ResultPart[] }) {
  const [count, setCount] = useState(FIRST_PARTS);
  if (parts.length === 0) return <Text size="sm">The answer has no content.</Text>;
  return (
    <>
      {parts.slice(0, count).map((part, index) => (
        <Part key={index} part={part} number={index + 1} />
      ))}
      {parts.length > count && (
        <Button variant="default" size="compact-sm" onClick={() => setCount(count + 100)}>
          Show more of {parts.length.toLocaleString('en')} parts
        </Button>
      )}
    </>
  );
}

function Part({ part, number }: { readonly part: ResultPart; readonly number: number }) {
  switch (part.kind) {
    case 'text':
      return (
        <div className={classes.text}>
          <UntrustedText text={part.text} size="sm" max={TEXT_CHARACTERS} />
        </div>
      );
    case 'image':
      return (
        <img
          className={classes.image}
          src={`data:${part.mimeType};base64,${part.data}`}
          alt={`Image ${String(number)} of the answer`}
        />
      );
    case 'audio':
      return (
        <audio
          controls
          src={`data:${part.mimeType};base64,${part.data}`}
          aria-label={`Sound ${String(number)} of the answer`}
        />
      );
    case 'link':
      return <LinkPart part={part} />;
    case 'resource':
      return <ResourcePart part={part} />;
    case 'withheld':
      return (
        <Text size="sm" c="dimmed" className={classes.text}>
          {part.what} is not shown: {part.why}. It is in the raw JSON.
        </Text>
      );
    case 'other':
      return <LongCode value={part.value} label={`part ${String(number)}`} />;
  }
}

function LinkPart({
  part: { uri, name, detail },
}: {
  readonly part: ResultPart & { kind: 'link' };
}) {
  return (
    <div className={classes.text}>
      <UntrustedText text={name} size="sm" fw={550} max={200} />
      {isWebLink(uri) ? (
        <Anchor href={uri} size="sm" target="_blank" rel="noreferrer noopener nofollow">
          <UntrustedText inline inherit text={uri} max={300} style={{ whiteSpace: 'normal' }} />
        </Anchor>
      ) : (
        <Code>
          <UntrustedText inline inherit text={uri} max={300} style={{ whiteSpace: 'normal' }} />
        </Code>
      )}
      {detail !== '' && <UntrustedText text={detail} size="sm" c="dimmed" max={400} />}
    </div>
  );
}

function ResourcePart({ part }: { readonly part: ResultPart & { kind: 'resource' } }) {
  const { uri, mimeType, text, blob } = part;
  return (
    <div className={classes.text}>
      <Group gap="xs" mb={text === undefined ? 0 : 6}>
        <Code>
          <UntrustedText inline inherit text={uri} max={300} style={{ whiteSpace: 'normal' }} />
        </Code>
        <Text size="xs" c="dimmed">
          {mimeType.slice(0, 80)}
        </Text>
        {blob !== undefined && (
          <Button
            size="compact-xs"
            variant="default"
            leftSection={<IconDownload size={14} />}
            onClick={() => saveBlob(blob)}
          >
            Save {megabytes(blob.length)} MB
          </Button>
        )}
      </Group>
      {text !== undefined && <UntrustedText text={text} size="sm" max={TEXT_CHARACTERS} />}
    </div>
  );
}

function saveBlob(base64: string): void {
  try {
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    saveFile('resource.bin', bytes, 'application/octet-stream');
  } catch {
    saveFile('resource.base64.txt', base64, 'text/plain');
  }
}
