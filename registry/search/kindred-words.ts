import { splitWords, stem } from './words.js';

/**
 * Words that people and tools use for one another, a group in each line: first what tools do, then what they do it to and
 * what that is like. What is meant by another word is found by meaning; these are the ones that APIs in general name differently.
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
fix repair resolve correct solve
choose select pick
answer respond reply
ask request inquire
approve accept confirm
reject decline deny refuse
watch follow subscribe monitor track observe
connect link attach bind associate relate
disconnect unlink detach
split divide separate partition
sort order rank arrange
filter narrow restrict limit
calculate compute evaluate estimate
convert transform
extract parse scrape crawl
encrypt encode
decrypt decode
compress zip archive pack
uncompress unzip unpack
upgrade renew refresh
undo revert rollback restore reset
invite add enroll
ban expel
finish complete close done
mark flag label
pin star favorite bookmark
mute silence snooze
hide archive
navigate go visit open
click press tap
type enter fill input
wait sleep delay
explain describe summarize
predict forecast projection
suggest recommend propose
rate score rank
increase raise grow
decrease reduce lower
buy purchase order
refund reimburse return
hire recruit
learn study train
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
fast quick speed performance latency slow
latest recent newest last
old previous past earlier
current now today present
upcoming next future
free available availability
nearby near close around
occurrence event incident
car vehicle auto
train rail railway
bus transit transport commute
taxi cab ride
traffic congestion
city town
country nation
street road
distance far length
doctor physician
medicine drug medication
illness disease condition
restaurant cafe dining
ingredient food
nutrition calorie diet
shop store
cart basket
coupon discount voucher promotion
revenue income earnings sales
expense spending cost
tax vat
salary wage pay payroll
bank account balance
company organization business firm
department division
manager boss supervisor
worker staff employee colleague coworker
candidate applicant
vacancy opening position job
school university college
student pupil
teacher instructor
exam quiz
sport game match
temperature heat warm cold
rain precipitation
notification alert
memory ram
cpu processor
disk storage drive volume
queue topic stream
bucket object blob
vulnerability cve flaw weakness
malware virus
dependency package library module
version release
variable parameter argument
schema structure layout
plugin extension addon
backlog board
milestone deadline due
priority urgency urgent
assignee owner responsible
attachment file
thread conversation discussion
channel room
inbox mailbox
spam junk
guest attendee participant invitee
contract agreement
prospect lead
campaign advertisement ad
visitor pageview
tweet post
book novel
author writer
episode series show
artist singer musician band
album record
paper publication article research
citation reference
law regulation
house home property apartment flat
rent lease
thermostat heating climate
camera webcam
switch plug outlet
curtain blind shade
person people
money fund budget
percentage rate ratio
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
