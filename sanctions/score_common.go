package sanctions

// commonNames are names that many people in the world bear, whatever the lists say. Own work, from
// general knowledge of the name statistics that countries publish.
const commonNames = `
very: muhammad mohammad mohamed mohammed ahmad ahmed ali hassan hasan hussein hussain husayn khan abdul abdullah abdallah
very: kim lee li wang zhang chen liu yang huang zhao wu zhou park pak choi choe nguyen tran le pham singh kumar sharma
very: maria jose juan garcia rodriguez martinez hernandez lopez gonzalez perez sanchez ramirez torres silva santos
very: john david michael james robert smith johnson williams brown jones miller davis ivan ivanov alexander aleksandr sergei sergey
common: ibrahim mustafa mahmoud mahmud said omar umar yusuf khalid salim salem salih saleh hamid karim rahman rahim aziz
common: abbas haidar haider mehdi mahdi reza rida hamza bilal tariq rashid nasir nasser jamal kamal malik shah akhtar iqbal
common: fatima aisha mariam maryam zainab khadija amina noor nur din islam hossain begum bibi akhund agha jan gul
common: choi jung jong kang cho yoon yun jang lim han shin seo kwon hwang song an hong ho chol yong sung young hyon
common: xu sun ma zhu hu guo he lin gao luo zheng liang xie tang deng feng cao peng zeng xiao tian dong pan yuan cai jiang
common: wei ming hua jun jing ping xin yan hong mei ling fang lan bo tao chao hui min jie yong qing
common: hoang phan vu vo dang bui do ngo duong ly van thi minh duc anh
common: patel gupta verma yadav das reddy rao joshi mehta desai devi prasad ram lal raj mishra jha roy ghosh banerjee
common: william richard thomas charles daniel matthew anthony mark donald steven paul andrew joshua kevin brian george edward
common: peter alan frank scott eric stephen jonathan justin gary ryan nicholas jacob samuel benjamin christopher joseph
common: mary patricia jennifer linda elizabeth barbara susan jessica sarah karen lisa nancy sandra margaret ashley emily
common: donna michelle carol amanda melissa deborah stephanie rebecca laura sharon cynthia kathleen amy angela anna emma
common: wilson anderson taylor moore jackson martin thompson white harris clark lewis robinson walker young allen king wright
common: scott hill green adams baker nelson carter mitchell roberts turner phillips campbell parker evans edwards collins
common: stewart morris murphy cook rogers morgan cooper peterson reed bailey bell kelly howard ward cox richardson wood watson
common: carlos luis jorge pedro miguel antonio francisco manuel jesus alejandro fernando roberto eduardo ricardo javier mario
common: rafael daniel raul sergio enrique alberto angel andres diego victor oscar pablo julio cesar alfonso ramon gabriel
common: ana carmen rosa isabel teresa lucia elena sofia marta paula andrea gloria guadalupe luz
common: gomez diaz cruz morales reyes gutierrez ortiz ramos flores rivera alvarez ruiz mendoza castillo jimenez vargas romero
common: herrera medina aguilar castro vasquez guzman munoz rojas mendez salazar soto delgado pena rios vega leon fernandez moreno
common: oliveira souza sousa pereira costa ferreira rodrigues almeida alves lima gomes ribeiro carvalho martins rocha joao paulo
common: jean pierre michel philippe alain patrick nicolas christophe laurent marie anne sophie martin bernard dubois petit
common: hans peter klaus wolfgang jurgen stefan andreas thomas christian muller schmidt schneider fischer weber meyer wagner
common: giovanni giuseppe francesco marco andrea luca paolo rossi russo ferrari bianchi romano
common: vladimir nikolai nikolay dmitri dmitry andrei andrey alexei aleksey mikhail igor oleg yuri viktor pavel maxim anatoly
common: petrov smirnov kuznetsov popov vasiliev vasilyev sokolov mikhailov novikov fedorov volkov alekseev lebedev kozlov
common: elena olga natalia tatiana svetlana irina anna ekaterina marina
common: mehmet mustafa huseyin yilmaz kaya demir celik sahin yildiz ozturk aydin
common: tanaka suzuki sato takahashi watanabe ito yamamoto nakamura kobayashi kato yoshida yamada sasaki
common: emmanuel samuel joseph moses peter john james paul grace mercy joy okafor adeyemi diallo traore mensah
`
