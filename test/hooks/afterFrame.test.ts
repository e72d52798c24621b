import { afterEach, expect, it, vi } from 'vitest'
import { afterFrame } from '../../src/hooks/afterFrame.js'

afterEach(() => {
  vi.restoreAllMocks()
})

const soon = () => new Promise((done) => setTimeout(done, 5))

it('runs neither before nor with the frame, which would wait for it, but after it', async () => {
  const run = vi.fn()
  let frame: FrameRequestCallback | undefined
  vi.spyOn(globalThis, 'requestAnimationFrame').mockImplementation((callback) => {
    frame = callback
    return 1
  })
  afterFrame(run)
  await soon()
  frame?.(performance.now())
  expect(run).not.toHaveBeenCalled()
  await soon()
  expect(run).toHaveBeenCalledOnce()
})

it('runs in a page that nobody sees, where no frame comes', async () => {
  const run = vi.fn()
  const frames = vi.spyOn(globalThis, 'requestAnimationFrame')
  vi.spyOn(document, 'hidden', 'get').mockReturnValue(true)
  afterFrame(run)
  await soon()
  expect(run).toHaveBeenCalledOnce()
  expect(frames).not.toHaveBeenCalled()
})
