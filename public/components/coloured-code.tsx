import type { RootContent } from 'hast';
import bash from 'highlight.js/lib/languages/bash';
import ini from 'highlight.js/lib/languages/ini';
import json from 'highlight.js/lib/languages/json';
import nginx from 'highlight.js/lib/languages/nginx';
import { createLowlight } from 'lowlight';
import { Fragment, useMemo, type ReactNode } from 'react';
import './coloured-code.css';

const lowlight = createLowlight({ json, nginx, shell: bash, toml: ini });

/** Text with the colours of its language. It becomes elements and never HTML, since anybody may have written it. */
export function ColouredCode(props: { readonly text: string; readonly language: string }) {
  const { text, language } = props;
  const tree = useMemo(() => lowlight.highlight(language, text), [language, text]);
  return <>{tree.children.map(elementOf)}</>;
}

function elementOf(node: RootContent, key: number): ReactNode {
  if (node.type === 'text') return <Fragment key={key}>{node.value}</Fragment>;
  if (node.type !== 'element') return null;
  const { className } = node.properties;
  return (
    <span key={key} className={Array.isArray(className) ? className.join(' ') : undefined}>
      {node.children.map(elementOf)}
    </span>
  );
}
