import { words } from '../../base/words.ts'

export const WORDS = words(
  {
    title: 'Home',
    lead: 'How your agents’ calls go.',
    talk: 'Talk',
    range: 'Range',
    day: '24 hours',
    week: '7 days',
    month: '30 days',
    callsNow: 'Calls now',
    calls: 'Calls',
    most: (count: string) => `at most ${count} at once`,
    minutes: 'Minutes',
    perCall: (minutes: string) => `${minutes} a call`,
    delay: 'Answer delay, median',
    delayHint: (p95: string) => `95% within ${p95}`,
    busiest: (count: string, hours: number) =>
      hours === 1
        ? `busiest hour: ${count}`
        : hours === 24
          ? `busiest day: ${count}`
          : `busiest ${hours} hours: ${count}`,
    noAnswers: 'no answers yet',
    interruptions: 'Interruptions',
    falseHint: (count: number, text: string) =>
      count === 0 ? 'no false ones' : count === 1 ? 'and 1 false one' : `and ${text} false ones`,
    failures: 'Failures',
    noFailures: 'none: all providers did their work',
    failuresHint: 'of providers, see below',
    callsChart: (hours: number) =>
      hours === 1 ? 'Calls per hour' : hours === 24 ? 'Calls per day' : `Calls per ${hours} hours`,
    callsSummary: (calls: string, most: string) =>
      `Calls started in this range: ${calls}; most in one period: ${most}.`,
    delayChart: 'Answer delay',
    delaySummary: (p50: string, p95: string) =>
      `From the end of what the user said to the first sound of the answer. Half of them within ${p50}, 95% within ${p95}.`,
    minutesChart: 'Minutes of calls',
    interruptionsChart: 'Interruptions',
    interruptionsSummary: (all: string, none: string) =>
      `Interruptions of agents: ${all}; what sounded like one and was none: ${none}.`,
    realOnes: 'interruptions',
    falseOnes: 'false ones',
    half: 'median (p50)',
    most95: '95% within (p95)',
    period: 'Period',
    agents: 'Agents',
    agent: 'Agent',
    now: 'Now',
    mostAtATime: 'Most at once',
    noCalls: 'No calls in this range',
    noCallsText: 'Figures appear here as soon as somebody talks to an agent.',
    endReasons: 'Why calls ended',
    providerFailures: 'Failures by provider',
    asr: 'Recognition',
    llm: 'Language model',
    tts: 'Voice',
    vad: 'Voice activity',
  },
  {
    title: '首页',
    lead: '您的智能体通话情况。',
    talk: '通话',
    range: '时间范围',
    day: '24 小时',
    week: '7 天',
    month: '30 天',
    callsNow: '当前通话',
    calls: '通话数',
    most: (count: string) => `同时最多 ${count} 路`,
    minutes: '通话分钟',
    perCall: (minutes: string) => `平均每次 ${minutes}`,
    delay: '应答延迟中位数',
    busiest: (count: string, hours: number) =>
      hours === 1
        ? `最忙的一小时 ${count} 个`
        : hours === 24
          ? `最忙的一天 ${count} 个`
          : `最忙的 ${hours} 小时 ${count} 个`,
    delayHint: (p95: string) => `95% 在 ${p95} 以内`,
    noAnswers: '暂无应答',
    interruptions: '打断',
    falseHint: (_count: number, text: string) => `另有误打断 ${text} 次`,
    failures: '故障',
    noFailures: '无，各服务均正常',
    failuresHint: '来自各服务，详见下方',
    callsChart: (hours: number) =>
      hours === 1 ? '每小时通话数' : hours === 24 ? '每日通话数' : `每 ${hours} 小时通话数`,
    callsSummary: (calls: string, most: string) =>
      `此范围内发起的通话：${calls}；单个时段最多：${most}。`,
    delayChart: '应答延迟',
    delaySummary: (p50: string, p95: string) =>
      `从用户说完到听到回答的第一声。半数在 ${p50} 以内，95% 在 ${p95} 以内。`,
    minutesChart: '通话分钟',
    interruptionsChart: '打断',
    interruptionsSummary: (all: string, none: string) => `打断：${all} 次；误打断：${none} 次。`,
    realOnes: '打断',
    falseOnes: '误打断',
    half: '中位数（p50）',
    most95: '95% 以内（p95）',
    period: '时段',
    agents: '智能体',
    agent: '智能体',
    now: '当前',
    mostAtATime: '最高并发',
    noCalls: '此范围内没有通话',
    noCallsText: '有人与智能体通话后，此处会显示数据。',
    endReasons: '通话结束原因',
    providerFailures: '各服务的故障',
    asr: '语音识别',
    llm: '语言模型',
    tts: '语音合成',
    vad: '语音活动检测',
  },
)
