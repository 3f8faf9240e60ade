/** Services that people are likely to have: where they are, a model to begin with, the usual name of the key. */
export interface Preset {
  readonly id: string
  readonly name: string
  readonly baseUrl: string
  readonly model: string
  readonly keyEnv: string
}

export const PRESETS: readonly Preset[] = [
  {
    id: 'openai',
    name: 'OpenAI',
    baseUrl: 'https://api.openai.com/v1',
    model: 'gpt-4o-mini',
    keyEnv: 'OPENAI_API_KEY',
  },
  {
    id: 'dashscope',
    name: 'DashScope · 百炼',
    baseUrl: 'https://dashscope.aliyuncs.com/compatible-mode/v1',
    model: 'qwen-flash',
    keyEnv: 'DASHSCOPE_API_KEY',
  },
  {
    id: 'ollama',
    name: 'Ollama',
    baseUrl: 'http://127.0.0.1:11434/v1',
    model: 'llama3.2',
    keyEnv: '',
  },
  { id: 'vllm', name: 'vLLM', baseUrl: 'http://127.0.0.1:8000/v1', model: '', keyEnv: '' },
  {
    id: 'llama',
    name: 'llama.cpp',
    baseUrl: 'http://127.0.0.1:8080/v1',
    model: 'default',
    keyEnv: '',
  },
]

/** What the operator sets for the whole server; the key's value is left for them to fill in. */
export function environmentText(model: {
  readonly baseUrl: string
  readonly model: string
  readonly keyEnv: string
}): string {
  return [
    `OPENAI_BASE_URL=${model.baseUrl}`,
    `OPENAI_MODEL=${model.model}`,
    ...(model.keyEnv === '' ? [] : ['OPENAI_API_KEY=…']),
  ].join('\n')
}
