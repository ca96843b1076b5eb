/**
 * A place as it is in the trash: all folders, live and trashed, and of the files only the trashed ones, each where it was
 * (API reference 5.1, 6.4). They can be listed, read and copied from there; nothing can be changed.
 */
import { UsageError } from "../errors.ts";
import { JottaRemote, type JottaRemoteOptions } from "./jotta_remote.ts";
import { type Remote, TRASH_IS_READ_ONLY } from "./remote.ts";

export class TrashedRemote extends JottaRemote {
  readonly readOnlyReason: string = TRASH_IS_READ_ONLY;

  constructor(options: Omit<JottaRemoteOptions, "trashedOnly">) {
    super({ ...options, trashedOnly: true });
  }

  override canTakeFrom(): boolean {
    return false;
  }

  override allocate: Remote["allocate"] = ({ path }) => this.#refuse("upload", path);
  override setTimes: Remote["setTimes"] = ({ path }) => this.#refuse("set the time of", path);
  override makeDirectory: Remote["makeDirectory"] = (path) => this.#refuse("make the folder", path);
  override removeFile: Remote["removeFile"] = (path) => this.#refuse("delete", path);
  override removeDirectory: Remote["removeDirectory"] = (path) => this.#refuse("remove the folder", path);
  override purge: Remote["purge"] = (path) => this.#refuse("purge", path);
  override moveFile: Remote["moveFile"] = ({ to }) => this.#refuse("move a file to", to);
  override moveDirectory: Remote["moveDirectory"] = ({ to }) => this.#refuse("move a folder to", to);
  override copyFile: Remote["copyFile"] = ({ to }) => this.#refuse("copy a file to", to);
  override makeLink: Remote["makeLink"] = (path) => this.#refuse("make a link to", path);
  override removeLink: Remote["removeLink"] = (path) => this.#refuse("remove the link of", path);
  override emptyTrash: Remote["emptyTrash"] = () => this.#refuse("empty the trash of", "");

  #refuse(what: string, path: string): Promise<never> {
    const separator = path === "" || /[:/]$/.test(this.label) ? "" : "/";
    const message = `Cannot ${what} "${this.label}${separator}${path}": ${TRASH_IS_READ_ONLY}`;
    return Promise.reject(
      new UsageError(message),
    );
  }
}
