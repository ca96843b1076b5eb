/**
 * The one account of an emulator: its devices, sizes, links and counters. Source of fact: API reference 3, 6.7.
 */
import { randomBytes, randomUUID } from "node:crypto";
import type { BlobStore } from "./blobs.ts";
import { foldName } from "./names.ts";
import { Device, FileNode, type FolderNode, mountOf, Mountpoint, namesTo, type TreeNode } from "./nodes.ts";
import type { Switches } from "./switches.ts";

export interface AccountOptions {
  readonly blobs: BlobStore;
  readonly now: () => number;
  readonly quotaBytes: number;
  readonly switches: () => Switches;
}

/** Virtual mountpoints of device Jotta (3.5). */
export const VIRTUAL_MOUNTS = ["Latest", "Links", "Trash"] as const;
export type VirtualMount = typeof VIRTUAL_MOUNTS[number];

export class Account {
  /** 24 hex digits; what stands in `/jfs/<username>/`. */
  readonly username = randomBytes(12).toString("hex");
  readonly email = "kari.test@example.no";
  /** For the legacy password login only. */
  readonly password = "emulator-password";
  readonly fullName = "Kari Test";
  readonly blobs: BlobStore;
  readonly quotaBytes: number;
  readonly devices = new Map<string, Device>();
  /** publicURI to shared node. */
  readonly shares = new Map<string, TreeNode>();
  readonly #options: AccountOptions;
  readonly #uuidTail = randomBytes(8).toString("hex");
  #lastFileId = 0;

  constructor(options: AccountOptions) {
    this.#options = options;
    this.blobs = options.blobs;
    this.quotaBytes = options.quotaBytes;
    const jotta = this.addDevice("Jotta", "JOTTA");
    for (const name of ["Archive", "Shared", "Sync"]) this.addMountpoint(jotta, name);
  }

  get switches(): Switches {
    return this.#options.switches();
  }

  /** Whole seconds since the epoch. */
  now(): number {
    return Math.floor(this.#options.now() / 1000);
  }

  /** Old revisions and trashed files count too (5.11). */
  get usedBytes(): number {
    return this.devices.values().reduce((sum, device) => sum + device.bytes, 0);
  }

  wouldExceedQuota(bytes: number): boolean {
    return this.quotaBytes >= 0 && this.usedBytes + bytes > this.quotaBytes;
  }

  device(name: string): Device | undefined {
    return this.devices.get(foldName(name));
  }

  addDevice(name: string, type: string): Device {
    const device = new Device(name, type, randomUUID());
    this.devices.set(foldName(name), device);
    return device;
  }

  addMountpoint(device: Device, name: string): Mountpoint {
    const mount = new Mountpoint(device, name);
    device.mounts.set(foldName(name), mount);
    return mount;
  }

  newFile(parent: FolderNode, name: string): FileNode {
    this.#lastFileId += 1;
    const file = new FileNode(parent, name, this.#lastFileId);
    parent.attach(file);
    return file;
  }

  uuidOf(file: FileNode): string {
    const head = file.id.toString(16).padStart(8, "0");
    const tail = this.#uuidTail;
    return `${head}-${tail.slice(0, 4)}-4${tail.slice(5, 8)}-8${tail.slice(9, 12)}-${tail.slice(4)}`;
  }

  /** `/<user>/<device>/<mountpoint>/…` of a node. */
  pathOf(node: TreeNode): string {
    const device = mountOf(node)?.device.name ?? "";
    return `/${this.username}/${device}/${namesTo(node).join("/")}`;
  }

  /** The path shown as `abspath` of a node: its parent's (4.1). */
  parentPathOf(node: TreeNode): string {
    if (node.parent !== null) return this.pathOf(node.parent);
    return `/${this.username}/${mountOf(node)?.device.name ?? ""}`;
  }

  /** Books a change of stored bytes (or none) on the node's mountpoint. */
  noteChange(node: TreeNode, bytes = 0): void {
    const mount = mountOf(node);
    if (mount === undefined) return;
    mount.bytes += bytes;
    mount.modifiedAt = this.now();
  }

  /** Nothing can be uploaded, made or changed by command in the special mountpoints of device Jotta (3.5). */
  refusesChanges(device: string, mount: string): boolean {
    const isShared = foldName(device) === "jotta" && foldName(mount) === "shared";
    return isShared || this.virtualMount(device, mount) !== undefined;
  }

  virtualMount(device: string, mount: string): VirtualMount | undefined {
    if (foldName(device) !== "jotta") return undefined;
    return VIRTUAL_MOUNTS.find((name) => foldName(name) === foldName(mount));
  }
}
