import { Text, UnstyledButton } from '@mantine/core';
import { MOST_FOUND, type FoundLine } from './found-lines';
import classes from './gateway.module.css';

/** The lines that contain what was looked for, and the way to them. */
export function FoundList(props: {
  readonly found: readonly FoundLine[];
  readonly onChoose: (path: string, line: number) => void;
}) {
  const { found, onChoose } = props;
  return (
    <div>
      <Text size="sm" c="dimmed" mb={4} role="status">
        {countText(found.length)}
      </Text>
      {found.length > 0 && (
        <div className={classes.found}>
          {found.map(({ path, line, text }) => (
            <UnstyledButton
              key={`${path}:${String(line)}`}
              className={classes.hit}
              onClick={() => onChoose(path, line)}
            >
              <span className={classes.place}>
                {path}:{line}
              </span>
              <span className={classes.hitText}>{text}</span>
            </UnstyledButton>
          ))}
        </div>
      )}
    </div>
  );
}

function countText(count: number): string {
  if (count === 0) return 'No line contains this.';
  if (count === MOST_FOUND) return `The first ${String(count)} lines that contain this`;
  return count === 1 ? 'One line contains this' : `${String(count)} lines contain this`;
}
