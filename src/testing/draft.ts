import type { Lever } from './adapterHarness.js'
import type { Scene } from './scene.js'

/** A case before it is tied to a harness. */
export interface Draft {
  readonly id: string
  /** What is promised. */
  readonly says: string
  /** Levers without which there is nothing to play. */
  readonly needs?: readonly Lever[]
  run(scene: Scene): Promise<void>
}
