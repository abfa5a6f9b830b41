package sanctions

// givenNames are names of European languages that are fixed in their spelling, so that a change of one
// letter makes another person's name (Antonio, Antonia) rather than another spelling of the same. Names
// that romanisation brought into Latin letters are not here: their vowels are free. Own work, from
// general knowledge of names.
var givenNames = set(`
	adam adan adela adele adelina adolfo adrian adriana adriano adrien agata agnes agustin agustina aida alan alana albert
	alberta alberto aldo alejandra alejandro alessandra alessandro alex alexa alexander alexandra alexandre alexis alfonso alfred
	alfredo alice alicia alina allison alma alonso alvaro amalia amanda amber amelia amelie ana anabel anastasia andre andrea andreas
	andreia andres andrew andy angel angela angeles angelica angelina angelo anita ann anna annabelle anne annie anthony antoine
	anton antonella antonia antonina antonio april ariana ariel arlene armando arnold arthur artur arturo ashley astrid audrey august
	augusto aurelia aurelio aurora austin barbara beatrice beatriz belen ben benita benito benjamin bernard bernarda bernardo bertha
	beth betty beverly bianca billy blanca bonnie brad bradley brandon brayan brenda brent brett brian bridget brittany bruce bruno
	bryan caitlin calvin camila camille camilo carina carl carla carlos carlota carmela carmelo carmen carol carole carolina caroline
	carrie casey cassandra catalina catarina catharina catherine cathy cecilia celeste celia celine cesar chad charlene charles
	charlie charlotte chelsea cheryl chris christa christian christiana christiane christina christine christophe christopher cindy
	claire clara clarence claudia claudine claudio clayton clement clemente cody colin colleen connie connor constance constanza
	consuelo corey corinne cornelia courtney craig cristian cristiana cristina cristobal crystal curtis cynthia daisy dale damian damien dan
	dana daniel daniela daniele daniella danielle danny daria dario darius darlene darrell dave david davide dawn dean deborah debra denis denise
	dennis derek desiree diana diane diego dieter dolores dominic dominica dominik dominique don donald donna dora doris dorothy douglas duncan
	dustin dylan earl eddie edgar edith edmund edna eduarda eduardo edward edwin eileen elaine eleanor elena eleonora elisa elisabeth elise eliza
	elizabeth ella ellen ellie elsa elvira emanuel emanuela emil emilia emiliana emiliano emilie emilio emily emma emmanuel emmanuelle enrica enrico enrique
	eric erica erik erika erin ernest ernesto esmeralda esteban estela estelle esther ethan eugene eugenia eugenio eva evan eve evelyn fabian
	fabiana fabio fabiola fabrice fatima federica federico felicia felipe felix ferdinand fernanda fernando filip filipa fiona flavia flavio flora
	florence florian fran france frances francesca francesco francine francis francisca francisco franck franco francois francoise frank franz fred
	freddie freddy frederic frederica frederick fredy gabriel gabriela gabriella gabrielle gail gary gemma genevieve geoffrey george georgia georgina gerald
	geraldine gerard gerardo german gilbert gilberto gina giorgia giorgio giovanna giovanni giulia giuliana giuliano giulio giuseppe gladys glen
	glenn gloria gonzalo gordon grace graciela graham grant greg gregorio gregory greta guadalupe guido guillaume guillermo gustav gustavo guy hailey
	hannah hans harold harriet harry harvey hazel heather hector heidi heike heinrich helen helena helene helga henri henrietta henriette henrik henry herbert
	herman hilda hildegard holly horacio howard hugo humberto ian ida ignacio ilona ilse ines ingrid inmaculada irene iris irma isaac isabel isabella isabelle ismael
	ivan ivana ivo ivonne jack jackie jackson jacob jacqueline jacques jaime jake james jamie jan jana jane janet janice jared jasmine jason javier javiera jay jean
	jeanne jeannette jeff jeffery jeffrey jenna jennifer jenny jeremy jerome jerry jesse jessica jessie jesus jill jim jimmy jo joan joana joann joanna joanne joao joaquin
	joaquina jocelyn jodi joe joel johan johana johann johanna johannes john johnny jon jonas jonathan jordan jorge jose josefa josefina joseph josephine joshua
	josue joy joyce juan juana juanita judith judy julia julian juliana juliane juliano julie julien julieta juliette julio julius june justin justina justine kai kara karen karin
	karina karl karla karolina kate katharina katherine kathleen kathryn kathy katie katja katrina kay kayla keith kelly kelsey ken kendra kenneth kerry kevin kim
	kimberly kirsten klara klaus kristen kristi kristin kristina kristine kurt kyle lara larissa larry lars laura laurence laurent laurie lawrence lea leah leandro lee lena leo leon leona leonard
	leonardo leonor leopoldo leroy leslie leticia lidia lilia lilian liliana lillian lily lina linda lisa lisandro logan lois lola lorena lorenza lorenzo lori lorraine louis louisa louise
	lourdes luc luca lucas lucia luciana luciano lucie lucien lucinda lucio lucy luigi luis luisa lukas luke luna lydia lynn madeleine madison magali magda magdalena maggie
	maite manon manuel manuela marc marcel marcela marcelle marcello marcelo marcia marcia marco marcos marcus margaret margarita margaux marguerite maria mariah mariam mariana mariane marianne mariano
	marie mariela marilyn marina marine mario marion marisa marisol marissa maritza marius marjorie mark marlene marta martha martin martina martine marvin mary mateo mathieu mathilde
	matilde matteo matthew matthias maurice mauricio mauro max maxime maximiliano maximilian maya megan meghan melanie melina melinda melissa mercedes meredith michael michaela micheal michel michela michele micheline
	michelle miguel miguela mila milan milena milton mindy mireille miriam misty mitchell moises molly monica monika monique morgan myriam nadia nadine nancy naomi natalia natalie natasha nathalie nathan nathaniel neil
	nelly nelson nicholas nick nicola nicolas nicole nicoletta nina noah noelia noemi nora norma norman octavia octavio olga oliver olivia olivier omar oscar osvaldo otto pablo paige paloma pamela paola paolo pascal
	pascale patrice patricia patricio patrick patrik paul paula paulette paulina pauline paulo pedro peggy penny perla peter petra philip philipp philippe phillip phyllis pia piero pierre pietro pilar rachel rafael rafaela raffaele ralph ramiro ramon
	ramona randall randy raquel raul ray raymond rebecca regina reginald reina rene renata renate renato renee ricardo riccardo richard rick ricky riley rita robert roberta roberto robin robyn rocio rodney rodolfo rodrigo roger roland rolando
	romain roman romana romina ron ronald ronnie rosa rosalia rosario rose rosemarie rosemary rosie ross roxana roy ruben ruby rudolf russell ruth ryan sabina sabine sabrina salvador salvatore sam samantha samuel samuele sandra sandrine sandro sandy sara sarah
	sascha savannah scott sean sebastian sebastiano sebastien selena selina serena serge sergio seth shane shannon sharon shaun shawn sheila shelby shelley sheri sherry shirley sierra silvana silvia silvio silke simon simona simone sofia sofie solange sonia sonja
	sophia sophie soraya stacey stacy stanley stefan stefania stefanie stefano stella stephan stephane stephanie stephen steve steven stuart sue summer susan susana susanita susanna susanne suzanne sven sylvia sylvie tabea tamara tammy tanya tara tatiana taylor
	teodora teodoro teresa terrance terri terry tessa theo theodor theodore therese theresa thierry thomas tiffany tim timo timothy tina tobias todd tom tomas toni tony tonya tracey traci tracy travis trevor tristan troy tyler ulrich
	ulrike ursula uwe valentin valentina valentino valeria valerie valerio vanessa vera veronica veronika veronique vicente vicki vickie victor victoria victoriano vincent vincenza vincenzo viola violeta virgilio virginia virginie vittoria vittorio viviana vivian vivien
	walter wanda wayne wendy werner wesley wilfried wilhelm wilhelmina will willian william willie wolfgang xavier yanet yaneth yolanda yvette yvonne zachary zoe`)
