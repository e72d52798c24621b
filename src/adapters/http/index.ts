export { httpAdapter, type HttpAdapterOptions } from './httpAdapter.js'
export type { HttpOffer } from './answers.js'
