// Documents and the paths that are evaluated over them.
import type { Case } from "./oracle.ts";

const store = `{"store":{"book":[
{"category":"reference","author":"Nigel Rees","title":"Sayings of the Century","price":8.95,"tags":["old","wise"]},
{"category":"fiction","author":"Evelyn Waugh","title":"Sword of Honour","price":12.99,"tags":[]},
{"category":"fiction","author":"Herman Melville","title":"Moby Dick","isbn":"0-553-21311-3","price":8.99,"tags":["sea"]},
{"category":"fiction","author":"J. R. R. Tolkien","title":"The Lord of the Rings","isbn":"0-395-19395-8","price":22.99}
],"bicycle":{"color":"red","price":19.95}},"expensive":10,"limit":"10"}`;

const kinds = `{"text":"word","empty":"","number":7,"text7":"7","decimal":1.0,"half":0.5,"big":12345678901234567890,"long":5000000000,
"tiny":1e-10,"huge":1.5e300,"zero":0,"minus":-3,"yes":true,"no":false,"nothing":null,"list":[1,2,3],"none":[],"object":{"a":1,"b":{"c":[1,2,{"d":"deep"}]}},
"hollow":{},"10":"ten","2":"two","with space":"s","with.dot":"d","with'quote":"q","with\\"double":"dq","back\\\\slash":"bs","unicodé":"u",
"__proto__":"p","constructor":"c","toString":{"length":5},"a":{"__proto__":{"x":1}},"length":99,"$":"dollar","@":"at","*":"star"}`;

const rows = `[{"id":1,"name":"one","n":{"v":10},"list":[1,2,3],"on":true},{"id":2,"name":"two","n":{"v":20},"list":[3,4],"on":false,"x":null},
{"id":3,"name":"three","n":{},"list":[],"on":"true"},{"id":"4","name":"4","list":"text","o":{"p":1}},{"id":5.0,"name":null,"list":[1.0,"1",true,null]},
{"id":12345678901234567890,"name":"big"},7,"plain",null,[{"id":9,"name":"inner"}],[1,2,[3]]]`;

const numbers = `{"ints":[3,1,2],"decimals":[1.5,2.25,-1.0],"mixed":[1,"2",null,true,3.5,[4],{"v":5}],"texts":["a","b","c"],"none":[],"minus":[-5,-2],
"one":[42],"nested":{"a":[1,2],"b":[3]},"word":"abc","rows":[{"v":1},{"v":2},{"w":3}]}`;

const deep = `{"a":{"b":{"a":[{"b":1},{"b":{"a":2}}],"c":null}},"b":[[1,[2,[3]]],{"a":{"b":"end"}}],"list":[{"x":1,"y":[1,2]},{"y":[3]},{"x":null}]}`;

const arrays = `[0,1,2,3,4,5,6,7,8,9]`;

const paths: readonly (readonly [document: string, paths: string])[] = [
  // One path a line: the classic ones.
  [
    store,
    String.raw`
$
@
$.store
store
store.book[0].title
$.store.book[*].author
$..author
$.store.*
$.store..price
$..book[2]
$..book[2].title
$..book[-2]
$..book[0,1]
$..book[:2]
$..book[1:2]
$..book[-2:]
$..book[2:]
$..book[?(@.isbn)]
$.store.book[?(@.price < 10)]
$..book[?(@.price <= $['expensive'])]
$..book[?(@.price > $.limit)]
$..book[?(@.author =~ /.*REES/i)]
$..book[?(@.author =~ /.*Rees/)]
$..book[?(@.author =~ /Rees/)]
$..book[?(/.*Rees/ =~ @.author)]
$..*
$..book.length()
$.store.book.length()
$.store.book.size()
$.store.length()
$.store.book[0].tags.length()
$.length($.store.book)
$.length($..price)
$.store.book[?(@.tags)].title
$.store.book[?(!@.tags)].title
$.store.book[?(@.tags size 2)].title
$.store.book[?(@.tags empty true)].title
$.store.book[?(@.tags empty false)].title
$.store.book[?(@.tags contains 'sea')].title
$.store.book[?(@.title contains 'of')].title
$.store.book[?('sea' in @.tags)].title
$.store.book[?(@.category in ['fiction'])].title
$.store.book[?(@.category in [fiction, reference])].title
$.store.book[?(@.category nin ['fiction'])].title
$.store.book[?(@.missing nin ['fiction'])].title
$.store.book[?(@.missing in ['fiction'])].title
$.store.book[?(@.tags subsetof ['sea','old','wise'])].title
$.store.book[?(@.tags anyof ['sea','x'])].title
$.store.book[?(@.tags noneof ['sea','x'])].title
$.store.book[?(@.tags all ['sea'])].title
$.store.book[?(@.price < 10 && @.category == 'fiction')].title
$.store.book[?(@.price < 9 || @.price > 20)].title
$.store.book[?(!(@.price < 9 || @.price > 20))].title
$.store.book[?((@.price < 9 || @.price > 20) && @.isbn)].title
$.store.book[?(@.price < 9 || @.price > 20 && @.isbn)].title
$.store.book[?(@['price'] == 8.95)].title
$.store.book[?(@.price == 8.950)].title
$.store.book[?(@.price != 8.95)].title
$.store.book[?(8.95 == @.price)].title
$.store.book[?(@.price == '8.95')].title
$.store.book[?(@.price === '8.95')].title
$.store.book[?(@.price === 8.95)].title
$.store.book[?(@.price !== '8.95')].title
$.store.book[?(@.isbn && @.price > 10)].title
$.store.book[?(@.isbn==null)].title
$.store.book[?(@.isbn!=null)].title
$.store.book[?(@.title == 'Moby Dick')]['title','price']
$.store.book[?(@.title == "Moby Dick")].price
$.store.book[?(@.author.length() > 1)].title
$.store.book[?(@.tags.length() > 1)].title
$.store.book[?(@.tags.length() == 0)].title
$.store.book[0,2]['title','isbn']
$.store.book[*]['title','isbn','nothing']
$.store['book','bicycle'].price
$.store['book','bicycle']['color']
$.store['bicycle','book']
$['store']['bicycle']['color']
$["store"]["bicycle"]["color"]
$[ 'store' ][ 'bicycle' ]
$..['price']
$..['title','price']
$..['title','price'].x
$..price.sum()
$..price.avg()
$..price.min()
$..price.max()
$..price.stddev()
$.store.book[*].price.sum()
$.store.book..price.sum()
$.sum($.store.book[*].price)
$.sum($..price)
$.sum($..price, 100)
$.avg($.expensive, 20, "x")
$.concat($.store.book[0].title, "-", $.store.book[1].title)
$.concat($..author)
$.store.keys()
$.store.book[0].keys()
$.store.book.keys()
$.store.book.first()
$.store.book.last()
$.store.book.index(1)
$.store.book.index(-1)
$.store.book.index(-4)
$.store.book.index(9)
$.store.book[*].tags.first()
$.store.book[*].title.length()
$.store.book.append($.store.bicycle)
$.missing
$.store.missing
$.missing.more
$.store.book.title
$.store.book[9]
$.store.book[9].title
$.store.bicycle[0]
$.store.bicycle.color.length
$.store.bicycle.color[0]
$..missing
$.store.book[*].missing
$.store.book[*].isbn
$.store.*.price
$.store.*[0].price
$.store.*..title
$.expensive[*]
$.expensive.*
$.expensive[?(@.a)]
$.store.bicycle[?(@.color == 'red')]
$.store.bicycle[?(@.color == 'red')].price
$.store[?(@.color)]
$.store[?(@.book)]
$..[?(@.color)]
$..[?(@.price > 15)].price
$..[?(@.isbn)].title
$..book[?(@.price == $.store.book[2].price)].title
$..book[?(@.price < $.store.book.length())].title
$..book[?(@.price < $..price.max())].title
$..book[?(@.category == @.category)].title
$..book[?(@.category == $.store.book[0].category)].title
$..book[?(@.tags == ['sea'])].title
$..book[?(@.tags == [])].title
$..book[?(@.tags != [])].title
$..book[?(['sea'] == @.tags)].title
$..book[?(@.tags == @.tags)].title
$..book[?(@ == 'x')]
$..book[?(@.title =~ /^S.*/ && @.price < 10)].title
$..book[?(@.title =~ /.*\bof\b.*/)].title
$..book[?(@.title =~ /(sayings|moby).*/i)].title
$..book[?(@.tags =~ /se./)].title
$..book[?(@.price =~ /8\..*/)].title
$..book[?(@.missing =~ /.*/)].title
$..book[?(@.missing =~ /x/)].title`,
  ],
  // Kinds of values and of names.
  [
    kinds,
    String.raw`
$.text
$.empty
$.number
$.decimal
$.big
$.long
$.tiny
$.huge
$.nothing
$.nothing.more
$.nothing[0]
$.nothing[*]
$.nothing[?(@.a)]
$.yes
$.none
$.none[0]
$.none[*]
$.hollow
$.hollow.*
$.object
$.object.*
$.object..*
$.object.b.c[2].d
$.object.b.c[-1].d
$.object['a','b']
$.object['b','a']
$.object['x','y']
$.object['a','x']
$.object['a','a']
$['text','number']
$['10']
$.10
$.2
$['with space']
$.with space
$['with.dot']
$.with.dot
$['with\'quote']
$["with'quote"]
$["with\"double"]
$['with"double']
$['back\\slash']
$['back\slash']
$['unicod\u00e9']
$.unicodé
$['unicodé']
$['__proto__']
$.__proto__
$.a.__proto__.x
$.constructor
$.constructor.name
$.toString
$.toString.length
$.toString.length()
$.hasOwnProperty
$.valueOf
$.length
$.length()
$.$
$['$']
$.@
$['@']
$['*']
$.*
$[*]
$.list[0]
$.list[-1]
$.list[-4]
$.list[0,2]
$.list[2,0]
$.list[0,9]
$.list[0,0]
$.list[ 0 ]
$.list[ 0 , 1 ]
$.list.length()
$.list.size()
$.list.sum()
$.text.length()
$.object.length()
$.number.length()
$.nothing.length()
$.keys()
$.object.keys()
$.list.keys()
$.text.concat("x")
$.list.concat("x")
$.concat("a", "b")
$.concat("a,b")
$.concat('a')
$.concat($.text, $.number, $.decimal, $.yes, $.nothing, $.half)
$.concat($.list)
$.concat($.text,$.text)
$.concat( $.text , $.text )
$.concat()
$.concat({"a":1})
$.sum(1, 2, 3)
$.sum(1.5, -2)
$.sum()
$.list.sum(10)
$.list.append(4)
$.list.append("x", 5)
$.text.append(1)
$.list.first()
$.list.last()
$.none.first()
$.none.last()
$.text.first()
$.list.index(0)
$.list.index(2)
$.list.index(3)
$.list.index(-1)
$.list.index(-3)
$.list.index()
$.list.index($.number)
$.list.unknown()
$.unknown()
$.length($.list)
$.length($.object)
$.length($.text)
$.length($.missing)
$.length($)
$.length("x")
$.list.length($.list)
$.max($.minus, $.number)
$.max($.minus)
$.min($.minus, $.number)
$.avg($.list)
$.stddev($.list)
$.sum($.list, $.list)
$.sum($.list.length(), 1)
$.sum($.missing)
$.first()
$.list.first().x
$.list.append(4).length()
$.list.append(4)[3]
$.object.keys().length()
$.concat("a").length()`,
  ],
  // Filters.
  [
    rows,
    String.raw`
$
$[0]
$[-1]
$[0].name
$[*].name
$.*.name
$..name
$[?(@.id == 1)].name
$[?(@.id == '1')].name
$[?(@.id == 4)].name
$[?(@.id == '4')].name
$[?(4 == @.id)].name
$[?(@.id == 5)].name
$[?(@.id == 5.0)].name
$[?(@.id == '5.0')].name
$[?(@.id == '5')].name
$[?('5' == @.id)].name
$[?(@.id == 12345678901234567890)].name
$[?(@.id == 12345678901234567891)].name
$[?(@.id > 12345678901234567889)].name
$[?(@.id >= 3)].name
$[?(@.id > 1e0)].name
$[?(@.id < 2.5)].name
$[?(@.name > 'one')].name
$[?(@.name >= 'one')].name
$[?(@.name < 5)].name
$[?(@.name)]
$[?(!@.name)]
$[?(@.x)].id
$[?(!@.x)].id
$[?(@.x == null)].id
$[?(@.x != null)].id
$[?(@.name == null)].id
$[?(null == @.name)].id
$[?(@.on)].id
$[?(@.on == true)].id
$[?(@.on == false)].id
$[?(@.on == 'true')].id
$[?(true == @.on)].id
$[?(@.on === 'true')].id
$[?(@.n.v)].id
$[?(@.n.v == 10)].id
$[?(@.n.v > 10)].id
$[?(@.n.missing)].id
$[?(!@.n.v)].id
$[?(@.n.*)].id
$[?(@..v)].id
$[?(@..missing)].id
$[?(@.n['v'])].id
$[?(@['n']['v'] == 20)].id
$[?(@.n == {})].id
$[?(@.n == {"v":10})].id
$[?(@.n == {'v':10})].id
$[?(@.n == {v:10})].id
$[?(@.n == {"v":10.0})].id
$[?(@.n != {"v":10})].id
$[?(@.list == [1,2,3])].id
$[?(@.list == [1, 2, 3])].id
$[?(@.list == [1.0,2,3])].id
$[?(@.list == '[1,2,3]')].id
$[?(@.list === [1,2,3])].id
$[?(@.list[0] == 1)].id
$[?(@.list[0])].id
$[?(@.list[5])].id
$[?(@.list[-1] == 3)].id
$[?(@.list[*] == 3)].id
$[?(@.list[?(@ == 3)])].id
$[?(@.list[?(@ > 2)].length() > 0)].id
$[?(@.list contains 3)].id
$[?(@.list contains '3')].id
$[?(@.list contains 1)].id
$[?(@.list contains '1')].id
$[?(@.list contains 1.0)].id
$[?(@.list contains true)].id
$[?(@.list contains null)].id
$[?(@.list contains [3])].id
$[?(@.list size 3)].id
$[?(@.list size 2)].id
$[?(@.list size 4)].id
$[?(@.list size '3')].id
$[?(@.n size 1)].id
$[?(@.name size 3)].id
$[?(@.list empty true)].id
$[?(@.list empty false)].id
$[?(@.list empty 1)].id
$[?(@.name empty false)].id
$[?(@.n empty true)].id
$[?(@.missing empty true)].id
$[?(@.id in [1, 2])].name
$[?(@.id in ['1', '2'])].name
$[?(@.id in [1.0])].name
$[?(@.id in $[0].list)].name
$[?(@.id in [])].name
$[?(@.id in 'x')].name
$[?(@.id nin 'x')].name
$[?(@.id nin [1, 2])].name
$[?(@.id IN [1])].name
$[?(@.id In [1])].name
$[?(@.id in[1])].name
$[?(1 in @.list)].id
$[?('1' in @.list)].id
$[?(null in @.list)].id
$[?(@.name in ['one', "two", three])].id
$[?(@.name in [null])].id
$[?(@.on in [true])].id
$[?(@.list subsetof [1,2,3,4])].id
$[?(@.list subsetof [])].id
$[?([1] subsetof @.list)].id
$[?(@.list subsetof @.list)].id
$[?(@.list anyof [1])].id
$[?(@.list anyof [])].id
$[?(@.list noneof [1])].id
$[?(@.list noneof 'x')].id
$[?(@.name subsetof ['one'])].id
$[?(@.list all [1,2])].id
$[?(!(@.list all [1,2]))].id
$[?(@.name =~ /t.*/)].id
$[?(@.name =~ /T.*/i)].id
$[?(@.name =~ /t.*/ && @.id > 2)].id
$[?(@.id =~ /[0-9]/)].name
$[?(@.on =~ /true/)].id
$[?(@.list =~ /1/)].id
$[?(@.n =~ /.*/)].id
$[?(@.name =~ 'one')].id
$[?(@.name =~ /on\/e/)].id
$[?(@.name =~ /a b|one/)].id
$[?(@.name =~ /(one|two)/)].id
$[?(@.name =~ /[)]|one/)].id
$[?(@.id == 1 || @.id == 2)].name
$[?(@.id == 1||@.id == 2)].name
$[?(@.id==1||@.id==2)].name
$[?(@.id==1 || @.id==2 && @.name=='two')].name
$[?((@.id==1||@.id==2)&&@.name=='two')].name
$[?(@.id && @.name)].id
$[?(@.id&&@.name)].id
$[?(@.id || @.name)].id
$[?(!(@.id == 1))].id
$[?(!(@.id))]
$[?(! @.id)]
$[?(!@.id == 1)].id
$[?(!!@.id)].id
$[?(!(!@.id))].id
$[?((@.id == 1))].id
$[?(((@.id)))].id
$[? (@.id == 1) ].name
$[?( @.id == 1 )].name
$[?(@.id  ==  1)].name
$[?(@ == 7)]
$[?(@ == 'plain')]
$[?(@ == null)]
$[?(@)]
$[?($)]
$[?($[0])].id
$[?($[0].id == 1)].id
$[?($.missing)].id
$[?($[0].id == @.id)].name
$[?(@.id == $[1].id)].name
$[?(@.length() == 1)]
$[?(@.length() > 2)]
$[?(@.list.length() == 2)].id
$[?(@.list.sum() > 5)].id
$[?(@.list.first() == 1)].id
$[?(@.keys().length() > 2)].id
$[?(1 == 1)].id
$[?(1 == 2)].id
$[?('a' == 'a')].id
$[?(true == true)].id
$[?(null == null)].id
$[?(1 < 2)].id
$[?('10' < '9')].id
$[?(10 < '9')].id
$[?(@.id == 1)].name.length()
$[?(@.id == 1)].length()
$[?(@.id)][?(@.name)].id
$[*][?(@.id == 9)]
$[*][?(@.id == 9)].name
$[9][0].name
$[9][*].name
$[10][2][0]
$[?(@.id == 1)]['id','name']
$[?(@.name == 'o\'ne')].id
$[?(@.name == "o\"ne")].id
$[?(@.name == 'on\u0065')].id
$[?(@.name != 'one')].id
$[?(@.n exists true)].id
$[?(true exists true)].id
$[?(@.on exists true)].id
$[?(@.n type 'x')].id
$[?(@.o.p)].id
$[?(@.o.p == 1)].id`,
  ],
  // Functions.
  [
    numbers,
    String.raw`
$.ints.sum()
$.ints.avg()
$.ints.min()
$.ints.max()
$.ints.stddev()
$.decimals.sum()
$.decimals.avg()
$.decimals.min()
$.decimals.max()
$.decimals.stddev()
$.mixed.sum()
$.mixed.length()
$.mixed.concat()
$.texts.sum()
$.texts.concat()
$.texts.concat("d")
$.texts.concat("d", $.word)
$.none.sum()
$.none.avg()
$.none.length()
$.none.concat()
$.minus.max()
$.minus.min()
$.one.first()
$.one.last()
$.one.index(-1)
$.one.stddev()
$.ints.first()
$.ints.last()
$.ints.index(1)
$.nested.a.sum()
$.nested.*.sum()
$.nested..sum()
$.nested.length()
$.nested.keys()
$..a.sum()
$..v.sum()
$..v.avg()
$..v.length()
$..rows.length()
$..length()
$..ints.first()
$..texts.concat("z")
$.rows[*].v.sum()
$.rows..v.sum()
$.rows[?(@.v)].length()
$.rows.length()
$.rows[*].length()
$.rows.first()
$.rows.last().w
$.sum($.ints)
$.sum($.ints, $.decimals)
$.sum($.ints[*])
$.sum($.rows[*].v)
$.sum($.rows[0].v, $.rows[1].v)
$.avg($.ints, 100)
$.concat($.texts, $.word)
$.concat("x", $.ints.sum())
$.concat("(", $.word, ")")
$.max($.ints, 1.5e3)
$.min($.ints, -7)
$.ints.append(9)
$.ints.append($.one)
$.texts.append("d")
$.word.length()
$.word.sum()
$.word.first()
$.ints[0].sum()
$.ints[*].sum()
$.missing.sum()
$.missing.length()
$.rows[?(@.v == $.ints.min())]
$.rows[?(@.v == $.nested.b[0])]
$.rows[?(@.v < $.ints.avg())]
$.rows[?(@.v in $.ints)]
$.rows[?(@.w in $.ints)]
$.rows[?(@.v == $.ints[1])].v
$.sum($.ints`,
  ],
  // Deep scans.
  [
    deep,
    String.raw`
$..a
$..b
$..a.b
$..b.a
$..a..b
$..b[0]
$..b[*]
$..*
$..x
$..y
$..y[0]
$..y[-1]
$..y[0,1]
$..y[0:1]
$..y.*
$..[0]
$..[-1]
$..[0,1]
$..[0:1]
$..[?(@.x)]
$..[?(@.x == 1)].y
$..[?(@.y)].x
$..[?(@.b)]
$..['a','b']
$..['x','y']
$..['x']
$..["x"]
$.list..x
$.list[*]..y
$.list..y[0]
$.list..*
$.*..a
$..c
$..c.d
$..a.length()
$..y.sum()
$..y[*].sum()
$..x.concat()`,
  ],
  // Indexes and slices.
  [
    arrays,
    String.raw`
$[0]
$[9]
$[10]
$[-1]
$[-10]
$[-11]
$[0,1]
$[1,0]
$[-1,0]
$[0,99]
$[0:3]
$[3:]
$[:3]
$[-3:]
$[:-3]
$[-3:-1]
$[-3:2]
$[2:-3]
$[5:2]
$[0:0]
$[5:5]
$[0:99]
$[99:]
$[:99]
$[-99:]
$[:-99]
$[-99:-1]
$[-1:]
$[:0]
$[0:10:2]
$[::2]
$[:]
$[1::2]
$[:5:2]
$[ 1:3 ]
$[1 :3]
$[1,2:3]
$[--1]
$[1-2]
$[99999999999]
$[1.5]
$[a]
$[01]
$[*]
$[ * ]
$.*
$[0][0]
$[*].a
$[?(@ > 5)]
$[?(@ >= 5 && @ < 8)]
$[?(@ in [1,3,5])]
$[?(@ == $[4])]
$.sum()
$.avg()
$.length()
$.first()
$.last()
$.index(4)`,
  ],
  // What does not compile, and what does although it should not.
  [
    store,
    String.raw`
$.
$..
$...a
$.store.
$.store..
$store
$[
$[]
$['store'
$['store
$['']
$[""]
$['store',]
$[,'store']
$['store','book',]
$['store''book']
$['store' 'book']
$['store',"book"]
$.store[book]
$.store['book]
$.store.book[
$.store.book[0
$.store.book[0].
$.store.book[?]
$.store.book[?()]
$.store.book[?(]
$.store.book[?(@]
$.store.book[?(@.price]
$.store.book[?(@.price < )]
$.store.book[?(@.price <)]
$.store.book[?(< 10)]
$.store.book[?(@.price << 10)]
$.store.book[?(@.price = 10)]
$.store.book[?(@.price like 10)]
$.store.book[?(@.price < 10 &&)]
$.store.book[?(@.price < 10 & @.isbn)]
$.store.book[?(@.price < 10 and @.isbn)]
$.store.book[?(price < 10)]
$.store.book[?(10)]
$.store.book[?('x')]
$.store.book[?(true)]
$.store.book[?(@.price < abc)]
$.store.book[?(@.price < 'abc)]
$.store.book[?(@.price =~ /abc)]
$.store.book[?(@.price =~ /(/)]
$.store.book[?(@.price < 10))]
$.store.book[?((@.price < 10)]
$.store.book[?(@.price < 10)
$.store.book[?@.price < 10]
$.store.book(0)
$.store.book.length(
$.store.book.sum(1
$.store.book.sum({)
$.store.book.sum(})
$.store.book.sum(])
$.store book
$. store
$ .store
  $.store.bicycle.color  
$.store.bicycle.color x
$['store']x
$['store']xy
$['store']bicycle
$[0]x
$.store*
$.store.*x
$.*.*
$**
$.store[*
$.store[*x]
$['store']['bicycle']]
$['store'].['bicycle']
$.['store']
$.[0]
$..['store']
$.store.['bicycle'].color
.store
[0]
['store']
*
..price
book..price
$.store.'book'
$.'store'
$."store"
@.store
@['store']
$.-
$.store.book[-]
$.store.book[?(@.price < -1)]
$.store.book[?(@.price > -1)].price
$.store.book[?(@.price > 1e1)].price
$.store.book[?(@.price > 1E1)].price
$.store.book[?(@.price > +1)].price
$.store.book[?(@.price > .5)].price
$.store.book[?(@.price > 5.)].price
$.store.book[?(@['title','price'])].price
$.store.book[?(@.a.b.c.d)].price
$.store.book[?(@.price>10)].price
$.store.book[?(10<@.price)].price
$.store.book[?(@.price>10&&@.price<20)].price
$.store.book[?(@.price>$.expensive)].price
$.store.book[?($.expensive<@.price)].price
$.store.book[?(@['price']>10)].price`,
  ],
];

export const writtenCases: readonly Case[] = paths.flatMap(([document, lines]) => {
  const oneLine = document.replaceAll("\n", "");
  return lines
    .slice(1)
    .split("\n")
    .map((path) => ({ path, document: oneLine }));
});
