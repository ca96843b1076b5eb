/** What is left of a folder of a remote whose content has been moved away: the folder itself. */
import { ConflictError, DirectoryNotFoundError } from "../errors.ts";
import type { TransferContext } from "../transfer/context.ts";
import type { TargetTree } from "../transfer/copy_file.ts";
import type { CommandContext } from "./context.ts";

/** Removes the folder at `text` into the trash if nothing is in it any more; a mountpoint stays. */
export async function removeEmptiedRoot(
  context: CommandContext,
  { text, tree }: { readonly text: string; readonly tree: TargetTree },
  transfer: TransferContext,
): Promise<void> {
  const { name } = await context.parentOf(text);
  if (name === "") return;
  try {
    await tree.removeDirectory("", { signal: context.signal, toTrash: true });
  } catch (error) {
    if (error instanceof ConflictError || error instanceof DirectoryNotFoundError) return;
    throw error;
  }
  transfer.emit({ type: "removed", kind: "directory", side: "source", path: name });
}
