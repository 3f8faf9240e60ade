import assert from 'node:assert/strict'
import { ModelScript, ToolScript } from '../model-script.ts'
import { together, type Config } from './setting.ts'
import { ask, joined } from './talks.ts'

const FILLER = 'Just a moment please.'
const TOOL = {
  Name: 'book',
  Description: 'Books a table.',
  Parameters: { type: 'object', properties: { at: { type: 'string' } } },
  Url: 'https://example.org/book',
  Method: 'PUT',
  Headers: { 'X-Shop': '7' },
  Timeout: 4000,
  Filler: FILLER,
}

/** A call in which the model has a table booked, which takes three seconds. */
function booking(agentConfig: Config) {
  const model = new ModelScript((_, count) =>
    count === 1
      ? { calls: [{ name: 'book', arguments: '{"at":"noon"}' }] }
      : { text: 'It is booked.' },
  )
  const tools = new ToolScript(() => ({ content: 'done', afterMs: 3000 }))
  const talk = joined({ agentConfig, llmWith: model.on, tools: tools.on })
  ask(talk, 'A table at noon.')
  talk.run(6000)
  talk.close()
  const offered = model.requests[0]?.tools?.map(({ name, description, parameters }) => ({
    name,
    description,
    parameters,
  }))
  const [first] = talk.heardSpans()
  return { offered, called: tools.calls[0], heardMs: (first?.untilMs ?? 0) - (first?.fromMs ?? 0) }
}

const MEMBERS = Object.keys(TOOL).map((name) => `antiphon.Tools[].${name}`)

export const TOOLS = together(MEMBERS, {
  config: { antiphon: { Tools: [TOOL] } },
  play: booking,
  holds: ({ offered, called, heardMs }) => {
    const { Name: name, Description: description, Parameters: parameters } = TOOL
    assert.deepEqual(offered, [{ name, description, parameters }])
    assert.deepEqual(
      { ...called?.tool, arguments: called?.arguments },
      {
        name,
        description,
        parameters,
        url: TOOL.Url,
        method: 'PUT',
        headers: TOOL.Headers,
        timeoutMs: 4000,
        arguments: '{"at":"noon"}',
      },
    )
    assert.ok(Math.abs(heardMs - FILLER.length * 50) < 60, `${heardMs} ms of filler`)
  },
})
