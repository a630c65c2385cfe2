import { Paper, Text } from '@mantine/core';
import classes from './figures.module.css';

export interface Figure {
  readonly label: string;
  readonly value: string | number;
  /** A smaller word beside it. */
  readonly note?: string;
  readonly isBad?: boolean;
}

/** A strip of numbers, each with its name. */
export function Figures(props: { readonly label: string; readonly figures: readonly Figure[] }) {
  return (
    <Paper component="dl" className={classes.figures} m={0} aria-label={props.label}>
      {props.figures.map(({ label, value, note, isBad = false }) => (
        <div key={label} className={classes.figure}>
          <Text component="dt" size="xs" c="dimmed">
            {label}
          </Text>
          <Text
            component="dd"
            m={0}
            fz={24}
            fw={650}
            lh={1.3}
            {...(isBad && { c: 'light-dark(#c92a2a, #ff8787)' })}
          >
            {typeof value === 'number' ? value.toLocaleString('en') : value}
            {note !== undefined && (
              <>
                {' '}
                <Text span size="sm" fw={500} className={classes.note}>
                  {note}
                </Text>
              </>
            )}
          </Text>
        </div>
      ))}
    </Paper>
  );
}
