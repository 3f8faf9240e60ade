/**
 * Common words, which are never taken for a hot word that sounds like them. English: in their base form, with
 * the endings that {@link isCommonWord} knows. Chinese: words of two characters.
 */
const ENGLISH = `
a able about above accept account across act action active actual add address advice afraid after afternoon again against
age ago agree ahead air all allow almost alone along already alright also although always am amount an and angry animal
another answer any anybody anyone anything anyway apart apartment appear apple appointment april are area argue arm around
arrive art as ask at attack august aunt autumn available away baby back bad bag bake ball band bank bar bare bark base
basic bath be beach bean bear beat beautiful because become bed been beer before begin behind being believe bell belong
below best bet better between big bike bill bird birthday bit bite black blank bless blood blow blue board boat body bone book boot
border born borrow boss both bother bottle bottom bowl box boy brain branch brand bread break breakfast bridge brief bright
bring broke broken brother brought brown budget build building burn bus business busy but butter button buy by cable cake
call calm came camera camp can cancel cannot capital car card care careful carry case cash cat catch caught cause cell cellar cent
center central century certain chain chair chance change channel charge chart chat cheap check cheese chicken child children chip
choice choose church circle city claim class clean clear clerk click climb clock close cloth clothes cloud club coach coast coat
code coffee coin cold collect college color come comfort common company compare complete computer concern condition confirm connect
consider contact contain continue control conversation cook cool copy corn corner correct cost cough could count country county couple
course court cousin cover create credit cross crowd cry cup current curtain custom customer cut daily damage dance danger
dark data date daughter day dead deal dear death december decide deep degree delay deliver delivery demand dentist depend
describe desk detail device did die diet different difficult dinner direct dirt dirty discount discuss dish distance do doctor
document does dog dollar done door double doubt down dozen draw dream dress drink drive driver drop drove drug dry due during
dust duty each ear early earn earth ease east easy eat edge effect effort egg eight either electric eleven else email empty end
enemy energy engine english enjoy enough enter entire equal error especially even evening event ever every everybody everyone
everything exact example excellent except exchange excuse exercise expect expensive experience explain express extra eye face
fact fail fair fall false family famous far fare farm fast fat father fault favor favorite fear february fee feed feel feet
fell felt female few field fifteen fifty fight figure file fill film final find fine finger finish fire firm first fish fit five
fix flat flight floor flow flower fly follow food foot for force foreign forest forget form forty forward found four fourteen
free fresh friday friend from front fruit full fun funny furniture further future game garden gas gate gather gave general
gentle get gift girl give given glad glass go goal god goes gold gone good got grade grand grass gray great green ground group
grow guard guess guest guide gun guy had hair half hall hand handle hang happen happy hard has hat hate have he head health
hear heard heart heat heavy heel height held hello help her here herself hey hi hidden high hill him himself his history hit hold
hole holiday home honest hope horse hospital hot hotel hour house how however huge human hundred hungry hurry hurt husband i
ice idea if ill image important in inch include income increase indeed inform information inside instead insurance interest
internet into invite iron is island issue it item its itself january job join joke journey judge july jump june just keep
kept key kick kid kill kind king kiss kit kitchen knee knew knife knock know known label lady lake lamp land language large last late
later laugh law lawyer lay lead leaf learn least leather leave left leg lemon lend length less lesson let letter level library
license lie life lift light like likely limit line link lip list listen little live load loan local lock long look loose lose
loss lost lot loud love low luck lucky lunch machine mad made mail main make male man manage manager many map march mark market
married marry match material matter may maybe me meal mean meant measure meat medical medicine meet meeting member men menu
message met metal meter method middle might mile milk million mind mine minute mirror miss mistake mix mobile model modern moment
monday money month mood moon more morning most mother mountain mouse mouth move movie mr mrs much music must my myself nail name
narrow nation natural nature near nearly neck need neighbor neither never new news next nice night nine nineteen no nobody noise
none noon nor normal north nose not note nothing notice november now number nurse object ocean october of off offer office
officer often oh oil ok okay old on once one onion online only open operate opinion or orange order other ought our out outside over
own owner pack package page paid pain paint pair pan paper pardon parent park part partner party pass passport password past path
patient pattern pause pay peace peach pen pencil people pepper per perfect perhaps period permit person pet phone photo pick picture
pie piece pin pink pipe pizza place plain plan plane plant plastic plate play player please pleasure plenty plus pocket point
police policy polite pool poor popular pork position possible post pot potato pound power practice prefer prepare present
president press pretty price print prison private prize probably problem process produce product program promise proper protect
proud prove provide public pull purple purpose push put quality quarter queen question quick quiet quite race radio rain raise ran
range rate rather reach read ready real really reason receipt receive recent record red reduce refund regular relax remain
remember remind remove rent repair repeat reply report request reserve reservation rest restaurant result return rice rich ride
right ring rise risk river road rock role roll roof room root rose rough round row rule run rush sad safe said salad sale salt same
sample sand sat saturday sauce save saw say scale scared scene schedule school science score sea search season seat second secret
secretary section security see seed seem seen select sell seller send sense sent sentence separate september series serious serve service
set settle seven seventy several shade shake shall shape share sharp she sheet ship shirt shoe shoot shop short should shoulder
shout show shower shut sick side sign signal silence silver similar simple since sing single sink sir sister sit site six sixteen
sixty size skill skin skirt sky sleep slept slip slow small smart smell smile smoke smooth snow so soap social sock soft sold
soldier some somebody someone something sometimes somewhere son song soon sorry sort sound soup south space speak special speech
speed spell spend spent spoke spoon sport spot spring square stage stairs stamp stand standard star start state station stay
steak steal steel step stick still stock stolen stomach stone stood stop store storm story straight strange street strong student
study stuff stupid style subject success such sudden sugar suggest suit summer sun sunday supper supply support suppose sure surprise
sweet swim switch system table take taken talk tall task taste taught tax taxi tea teach teacher team tear teeth telephone tell
ten term terrible test text than thank thanks that the theater their them themselves then there therefore these they thick thin thing
think third thirteen thirty this those though thought thousand three threw throat through throw thursday ticket tie tight till
time tip tire tired title to today toe together told tomato tomorrow tone tongue tonight too took tool tooth top total touch
tough tour toward towel tower town toy track trade traffic train translate travel tree trial trip trouble truck true trust truth
try tuesday turn twelve twenty twice two type ugly umbrella uncle under understand understood unit until up upon upset us use
used useful usual vacation value various vegetable version very video view village visit voice wait wake walk wall want war
warm warn was wash waste watch water wave way we weak wear weather web website wedding wednesday week weekend weight welcome well
went were west wet what wheel when where whether which while white who whole whom whose why wide wife wild will win wind window
wine winter wire wise wish with within without woman women won wonder wood word wore work worker world worry worse worst worth
would write writing written wrong wrote yard yeah year yellow yes yesterday yet you young your yourself youth zero`

const CHINESE = `
我们 你们 他们 她们 自己 什么 怎么 这个 那个 哪个 这里 那里 哪里 这样 那样 时候 时间 现在 今天 明天 昨天 早上 晚上 中午 下午 上午
星期 小时 分钟 一个 两个 几个 多少 可以 可能 应该 需要 知道 觉得 认为 希望 喜欢 想要 开始 结束 继续 已经 还是 还有 但是 因为 所以
如果 然后 或者 而且 不过 虽然 只是 就是 不是 没有 不要 不用 不能 不会 请问 谢谢 再见 你好 您好 好的 对的 是的 问题 事情 事实 实施
时事 试试 实时 逝世 世界 市场 公司 工作 工资 学习 学校 学生 老师 朋友 家人 孩子 先生 女士 小姐 电话 手机 号码 地址 名字 城市 国家
中国 北京 上海 天气 下雨 吃饭 喝水 睡觉 起床 回家 出门 医院 医生 银行 超市 商店 饭店 酒店 机场 车站 火车 飞机 汽车 地铁 价格 价钱
便宜 多钱 支付 付款 订单 定单 预订 预定 取消 修改 查询 帮忙 帮助 告诉 说话 听见 看见 看到 发现 出现 出来 进来 回来 过来 起来 上来
权利 权力 全力 意义 异议 议义 经济 竞技 期间 其间 形式 形势 行事 定制 订制 制定 指定 必须 必需 以后 以前 之后 之前 里面 外面 上面 下面`

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/))
const ENGLISH_WORDS = words(ENGLISH)
const CHINESE_WORDS = words(CHINESE)

/** The endings of English, with what they stand in the place of. */
const ENDINGS: readonly (readonly [RegExp, readonly string[]])[] = [
  [/ies$/, ['y']],
  [/ied$/, ['y']],
  [/ier$/, ['y']],
  [/iest$/, ['y']],
  [/ily$/, ['y']],
  [/es$/, ['', 'e']],
  [/s$/, ['']],
  [/ed$/, ['', 'e']],
  [/er$/, ['', 'e']],
  [/est$/, ['', 'e']],
  [/ing$/, ['', 'e']],
  [/ly$/, ['']],
  [/(.)\1(?:ed|er|est|ing)$/, ['$1']],
]

/** True for a common word in any of its forms, or a contraction of such. */
export function isCommonWord(word: string): boolean {
  const bare = word.toLowerCase().replace(/[’']/g, "'")
  const [stem = ''] = bare.split("'")
  if (CHINESE_WORDS.has(bare) || ENGLISH_WORDS.has(stem)) return true
  if (bare.includes("'") && ENGLISH_WORDS.has(stem.replace(/n$/, ''))) return true
  return ENDINGS.some(([ending, instead]) =>
    instead.some((base) => ending.test(stem) && ENGLISH_WORDS.has(stem.replace(ending, base))),
  )
}
