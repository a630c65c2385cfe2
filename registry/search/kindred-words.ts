import { splitWords, stem } from './words.js';

/**
 * Words that people and tools use for one another, a group in each line: first what tools do, then what they do it to.
 * What is meant by another word is found by meaning; these are the ones that APIs in general name differently.
 */
const GROUPS = `
list show display view browse see get read fetch retrieve look find search lookup query locate check describe inspect
create add new make insert register set generate build
delete remove drop destroy erase clear discard purge
update change edit modify alter adjust set patch revise
send post message write publish share deliver notify
run execute launch start trigger invoke begin
stop cancel abort terminate kill end halt
move transfer relocate migrate
copy duplicate clone replicate
download export save
upload import attach
schedule book reserve plan
enable activate unlock resume
disable deactivate block pause suspend
assign give allocate grant
join merge combine
compare diff difference
count number total statistics
test check verify validate
size resize scale
issue ticket bug
user member person people account employee colleague
contact customer client lead
file document doc page
picture photo image
message chat mail email
text sms
call phone
repository repo codebase
code source program script
commit change history revision
branch fork
function method
database db
query sql
column field attribute
row record entry
meeting event appointment calendar
vacation leave holiday absence
error exception crash failure problem
alert alarm incident
payment money charge
invoice bill receipt
price cost quote
currency exchange rate convert
stock share ticker
inventory stock
product item
order purchase
shipment parcel delivery package shipping
deal opportunity
job build pipeline workflow
deploy deployment release rollout
server host instance machine vm
container pod docker
cluster kubernetes
domain dns
certificate tls ssl
secret credential password key token
permission access role right
backup snapshot restore
log trace
status state health
metric graph chart dashboard
summary overview
configuration setting option preference
device sensor
light lamp
weather forecast
route directions way drive
place location address
flight plane airline fly
hotel room accommodation stay lodging
recipe meal dish food
news headline article story
translate translation language
task todo reminder
note memo
comment reply remark feedback
survey form questionnaire poll
video clip movie film
song music track
voice speech audio
draw diagram
slide presentation deck
sheet spreadsheet table
folder directory
team group
website site page url web
label tag category
`;

/** A word, and the form in which it is looked for. */
export interface Word {
  readonly word: string;
  readonly term: string;
}

/** By the stem of a word, its kin: by their stems too, since a word may be in several groups. */
const KIN = new Map<string, Map<string, Word>>();
for (const group of GROUPS.trim().split('\n')) {
  const words = splitWords(group).map((word) => ({ word, term: stem(word) }));
  for (const { term } of words) {
    const kin = KIN.get(term) ?? new Map<string, Word>();
    for (const other of words) if (other.term !== term) kin.set(other.term, other);
    KIN.set(term, kin);
  }
}

/** Words that are used for the one with this stem. */
export function kindredWords(term: string): readonly Word[] {
  return [...(KIN.get(term)?.values() ?? [])];
}
