// @vitest-environment node
import { afterAll } from 'vitest'
import { startCognitoLocal } from '../../servers/cognitoLocal.js'
import { runContract } from '../../testing/runContract.js'
import { cognitoHarness } from './harness.js'

const server = await startCognitoLocal()
afterAll(() => server.close())
runContract(cognitoHarness(server))
