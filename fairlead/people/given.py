"""Given names so common that a login made of one of them says nothing about whose it is."""

TEXT = """
aaron abdul abdullah adam adrian ahmed aidan akira alain alan albert alberto alejandro aleksandr alessandro alex
alexander alexandra alexandre alexandru alexei alexey alexis alfred ali alice alina amanda amir amit amy ana anand
anastasia anders andre andrea andreas andrei andrej andrew andrey andrzej andy angela anil anita anja ankit ann
anna anne annie anthony anton antonio anurag arjun arnaud arthur arun asha ashley axel barbara bart bartosz
beatriz ben benjamin bernard bernd bill bjorn bob boris brad brandon brendan brett brian bruce bruno bryan carl
carla carlo carlos carmen carol caroline catherine cecile cedric charles charlotte chen chris christian christina
christine christoph christophe christopher cindy claire clara claude claudia claudio colin craig cristian cynthia
damian damien dan dana daniel daniela daniele danny dario dave david dean deborah deepak denis dennis derek diana
diego dieter dimitri dirk dmitri dmitry dominic dominik don donald doug douglas duncan dylan ed eddie edgar edward
edwin elena eli elisa elizabeth ellen emily emma emmanuel eric erica erik erin ernesto esther ethan eugene eva
evan evgeny fabian fabio fatima federico felix fernando filip florian francesca francesco francis francisco
francois frank frans fred freddy frederic frederik gabriel gary gavin georg george gerald gerard giorgio giovanni
giulia giuseppe glen glenn gonzalo gordon grace graham greg gregory guido guillaume gustavo hannah hans harald
harry heather heidi heiko helen helena henri henrik henry herbert hiro hugo ian ibrahim igor ilya ines ingo irene
irina isaac isabel ivan ivo jack jackie jacob jacques jaime jake jakob jakub james jamie jan jana jane janet jason
jasper javier jay jean jeff jeffrey jen jennifer jenny jens jeremy jerome jerry jesper jesse jessica jesus jill
jim jimmy joachim joan joanna joao joe joel johan johann johannes john johnny jon jonas jonathan jordan jorge jose
josef joseph josh joshua juan judith julia julian julie julien jun jurgen justin karel karen karin karl karsten
kate katherine kathy katie kazuki keith kelly ken kenji kenneth kevin kiran kirill klaus konstantin kristian
kristin kumar kurt kyle lars laura lauren laurent lee lena leo leon leonard leonardo li linda ling lisa liu liz
lorenzo louis luc luca lucas lucia lucy luigi luis luka lukas lukasz luke magnus manuel marc marcel marcin marco
marcos marcus margaret maria marie marina mario marius mark markus marta martha martin martina marvin mary masha
mateusz mathias mathieu matt matteo matthew matthias maurice max maxim maxime megan mehmet mei melissa michael
michal michel michele michelle miguel mihai mika mikael mike mikhail milan ming mohamed mohammad mohammed monica
muhammad nancy natalia natalie natasha nathan neil nicholas nick nicola nicolas nicole niels nigel nikhil nikita
nikola nikolai nikolay nils nina noah oleg olga oliver olivia olivier omar oscar oskar otto pablo pamela paolo
pascal pat patricia patrick patrik paul paula paulo pavel pawel pedro peter petr petra phil philip philipp
philippe pierre piotr priya quentin rachel radek rafael rahul raj rajesh ralf ralph ramon randy raul ravi ray
raymond rebecca renato rene ricardo riccardo richard rick rob robert roberto robin rodrigo roger rohit roland rolf
roman ron ronald rosa ross roy ruben rui russell ruth ryan sam samir samuel sandeep sandra sanjay santiago sara
sarah satoshi scott sean sebastian serge sergei sergey sergio seth shane shannon sharon shaun shawn simon simone
sofia sonia sophie stan stefan stefano steffen stephan stephane stephanie stephen steve steven stuart sue sunil
suresh susan suzanne sven svetlana sylvain takashi tamara tanya tara ted teresa terry theo theresa thierry thomas
thorsten tim timo timothy tina tobias todd tom tomas tomasz tommy toni tony tracy travis trevor troy tyler ulrich
uwe vadim valentin valerie vanessa vera veronica victor victoria vijay vikram viktor vincent vincenzo virginia
vitaly vivek vlad vladimir walter wang wayne wei wendy werner will william wolfgang xavier yan yang yann yasmin yi
yuki yuri yusuf yves yvonne zach zhang zoe
"""
COMMON = frozenset(TEXT.split())
