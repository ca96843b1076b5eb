import assert from "node:assert/strict";
import { LocalError } from "../../../../lib/errors.ts";
import { LogFile } from "../../../../lib/ui/log_file.ts";
import { MemoryFileSystem } from "../../../fakes/memory_file_system.ts";

Deno.test("LogFile appends lines in their order to what is there", async () => {
  const fileSystem = new MemoryFileSystem();
  for (const lines of [["a\n", "b\n"], ["c\n"]]) {
    const log = await LogFile.open(fileSystem, "/log");
    for (const line of lines) log.write(line);
    assert.equal(await log.close(), undefined);
  }
  assert.equal(await fileSystem.readText("/log"), "a\nb\nc\n");
});

Deno.test("LogFile says at once that it cannot be opened", async () => {
  await assert.rejects(
    LogFile.open(new MemoryFileSystem(), "/no/such/log"),
    (error: LocalError) => {
      assert.equal(error.message, 'Cannot write the log to "/no/such/log": it does not exist');
      assert.equal(error.hint, "Name another file with --log-file");
      return error instanceof LocalError;
    },
  );
});

Deno.test("LogFile tells at the end that the disk took no more", async () => {
  const fileSystem = new MemoryFileSystem();
  const open = fileSystem.open.bind(fileSystem);
  fileSystem.open = async (path, mode) => {
    const file = await open(path, mode);
    file.write = () => Promise.reject(new LocalError('Cannot write "/log": the disk is full'));
    return file;
  };
  const log = await LogFile.open(fileSystem, "/log");
  log.write("a\n");
  log.write("b\n");
  assert.equal((await log.close())?.message, 'Cannot write the log to "/log": the disk is full');
});
