import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  fchmodSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';

/** The files with which nginx proves itself to upstreams. All at once: whoever routes a server has its file. */
export interface CredentialFolder {
  /** Makes the folder, or takes over the one that is there. @throws Error when it is not ours alone */
  claim(): void;
  /** The files that lie there, and what writes that were cut short left. */
  names(): readonly string[];
  /** Puts a file in place as a whole. */
  write(name: string, text: string): void;
  /** A file that is not there is no fault. */
  remove(name: string): void;
}

const OURS = /^(?:[0-9a-f]{32}|\.[0-9a-f]{32}\.tmp)$/;

/**
 * @param location the folder inside the gate directory, and the group of nginx's workers when they have
 *   an account of their own
 */
export function createCredentialFolder(location: {
  readonly path: string;
  readonly group?: number;
}): CredentialFolder {
  const { path: folder, group } = location;
  const at = (name: string) => path.join(folder, name);
  return {
    claim() {
      // Not with its parents: the gate directory is made, and given its mode, by others.
      if (!existsSync(folder)) mkdirSync(folder, { mode: 0o700 });
      const found = lstatSync(folder);
      if (!found.isDirectory() || found.uid !== process.getuid?.()) {
        throw new Error(`${folder} is not a folder of our own: remove it, or set GATE_DIR`);
      }
      if (group !== undefined) chownSync(folder, found.uid, group);
      // Workers open files by name and need not list them; what is created inside gets the group.
      chmodSync(folder, group === undefined ? 0o700 : 0o2710);
    },
    names: () => readdirSync(folder).filter((name) => OURS.test(name)),
    write(name, text) {
      const temporary = at(`.${name}.tmp`);
      const mode = group === undefined ? 0o600 : 0o640;
      const file = openSync(temporary, 'w', mode);
      try {
        fchmodSync(file, mode); // The umask may have taken the group's right away.
        writeFileSync(file, text);
      } finally {
        closeSync(file);
      }
      renameSync(temporary, at(name));
    },
    remove: (name) => rmSync(at(name), { force: true }),
  };
}
