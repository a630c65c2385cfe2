import { Anchor, Button, Mark, Text, Tooltip, type TextProps } from '@mantine/core';
import { useState } from 'react';
import { boundedParts } from './hidden-characters';
import classes from './untrusted-text.module.css';

const SHOWN_CHARACTERS = 600;
/** As much as a page can bear, also of text that is made to be a burden. */
const MOST_CHARACTERS = 250_000;
const MOST_ELEMENTS = 400;

interface Props extends TextProps {
  readonly text: string;
  /** How much is shown before somebody asks for more. */
  readonly max?: number;
  /** On one line, without links: for lists. */
  readonly inline?: boolean;
}

/**
 * Text that a server sent. It is shown as text, its links lead to http and https alone, what hides in it is made
 * visible, and long text is cut until somebody wants it.
 */
export function UntrustedText({ text, max = SHOWN_CHARACTERS, inline = false, ...rest }: Props) {
  const [whole, setWhole] = useState(false);
  const isCut = text.length > max && !whole;
  const end = isCut ? max : MOST_CHARACTERS;
  const shown = text.length > end ? `${text.slice(0, end)}…` : text;
  return (
    <>
      <Text
        component={inline ? 'span' : 'div'}
        className={inline ? classes.line : classes.text}
        {...rest}
      >
        {boundedParts(shown, MOST_ELEMENTS).map((part, index) => {
          if (part.kind === 'hidden') return <Hidden key={index} code={part.code} />;
          if (part.kind === 'text' || inline) return part.text;
          return (
            <Anchor
              key={index}
              href={part.text}
              target="_blank"
              rel="noreferrer noopener nofollow"
              inherit
            >
              {part.text}
            </Anchor>
          );
        })}
      </Text>
      {isCut && !inline && (
        <Button variant="subtle" size="compact-xs" onClick={() => setWhole(true)}>
          Show {text.length > MOST_CHARACTERS ? 'more of' : 'all'}{' '}
          {text.length.toLocaleString('en')} characters
        </Button>
      )}
    </>
  );
}

function Hidden({ code }: { readonly code: string }) {
  return (
    <Tooltip label={`A character that is not seen: ${code}`}>
      <Mark className={classes.hidden} color="orange">
        {code}
      </Mark>
    </Tooltip>
  );
}
