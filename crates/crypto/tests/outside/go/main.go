// Judges our notes, proofs and tiles with golang.org/x/mod/sumdb, the code behind the checksum database of Go, and
// signs notes that we in turn must accept.
//
// Usage: main FILE, where FILE is the JSON of `question`. Prints the JSON of `answer`, or the first thing that is wrong.
// Built with what the distribution packages (golang-golang-x-mod-dev), without a network.
package main

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io/ioutil"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// The height of a tile in c2sp.org/tlog-tiles.
const height = 8

type question struct {
	Public  string // our public key
	Private string // our private key, to be read and used; may be missing
	Entries int64  // the entries are "entry 0", "entry 1", ... unless they are given:
	Texts   [][]byte
	Trees   []tree
}

type tree struct {
	Note        string            // our signed checkpoint
	Proofs      []string          // our .tlog-proof files in this tree
	Consistency []consistency     // our consistency proofs to this tree
	Tiles       map[string]string // our tiles: path to base64
}

type consistency struct {
	Old    int64
	Hashes []string
}

type answer struct {
	Public   string // a key that Go made
	Private  string
	Note     string // a note that Go signed with it
	Cosigned string // our first checkpoint with Go's signature added
	Again    string // our first checkpoint, signed by Go with our private key
	Judged   int    // how many proofs were judged
}

func main() {
	data, err := ioutil.ReadFile(os.Args[1])
	check(err)
	var q question
	check(json.Unmarshal(data, &q))
	if q.Texts != nil {
		texts, q.Entries = q.Texts, int64(len(q.Texts))
	}
	log := build(q.Entries)
	verifier, err := note.NewVerifier(q.Public)
	check(err)
	var a answer
	for _, t := range q.Trees {
		a.Judged += judge(log, verifier, t)
	}
	sign(&q, &a, verifier)
	check(json.NewEncoder(os.Stdout).Encode(a))
}

// stored is a log as Go keeps it: all complete hashes in the order in which they were made.
type stored []tlog.Hash

func (s stored) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	var hashes []tlog.Hash
	for _, index := range indexes {
		hashes = append(hashes, s[index])
	}
	return hashes, nil
}

func build(entries int64) stored {
	var log stored
	for n := int64(0); n < entries; n++ {
		hashes, err := tlog.StoredHashes(n, entry(n), log)
		check(err)
		log = append(log, hashes...)
	}
	return log
}

// texts are the entries when they are given.
var texts [][]byte

func entry(n int64) []byte {
	if texts != nil {
		return texts[n]
	}
	return []byte(fmt.Sprintf("entry %d", n))
}

func judge(log stored, verifier note.Verifier, t tree) int {
	size, root := checkpoint(t.Note, verifier)
	ours, err := tlog.TreeHash(size, log)
	check(err)
	same("root of "+strconv.FormatInt(size, 10), ours, root)
	reader := tlog.TileHashReader(tlog.Tree{N: size, Hash: root}, tiles{t.Tiles})
	for _, text := range t.Proofs {
		index, hashes, text := proof(text)
		if text != t.Note {
			fail("the proof carries another checkpoint")
		}
		check(tlog.CheckRecord(hashes, size, root, index, tlog.RecordHash(entry(index))))
		theirs, err := tlog.ProveRecord(size, index, log)
		check(err)
		same("proof", hashes, tlog.RecordProof(theirs))
		// As a client does that has nothing but tiles, each of which is authenticated on the way.
		fromTiles, err := tlog.ProveRecord(size, index, reader)
		check(err)
		same("proof from tiles", hashes, fromTiles)
	}
	for _, c := range t.Consistency {
		old, err := tlog.TreeHash(c.Old, log)
		check(err)
		check(tlog.CheckTree(tlog.TreeProof(decode(c.Hashes)), size, root, c.Old, old))
	}
	wanted := widest(tlog.NewTiles(height, 0, size))
	for _, tile := range wanted {
		theirs, err := tlog.ReadTileData(tile, log)
		check(err)
		ours, err := tiles{t.Tiles}.read(tile)
		check(err)
		same(tile.Path(), ours, theirs)
	}
	same("number of tiles", len(t.Tiles), len(wanted))
	return len(t.Proofs) + len(t.Consistency)
}

// widest keeps of each tile the widest form: older versions of the library also list what the tile was before.
func widest(tiles []tlog.Tile) map[tlog.Tile]tlog.Tile {
	found := make(map[tlog.Tile]tlog.Tile)
	for _, tile := range tiles {
		place := tlog.Tile{L: tile.L, N: tile.N}
		if tile.W > found[place].W {
			found[place] = tile
		}
	}
	return found
}

// checkpoint verifies a note of ours and reads size and root as c2sp.org/tlog-checkpoint says.
func checkpoint(text string, verifier note.Verifier) (int64, tlog.Hash) {
	opened, err := note.Open([]byte(text), note.VerifierList(verifier))
	check(err)
	lines := strings.Split(opened.Text, "\n")
	same("origin", lines[0], verifier.Name())
	size, err := strconv.ParseInt(lines[1], 10, 64)
	check(err)
	root, err := tlog.ParseHash(lines[2])
	check(err)
	return size, root
}

// proof reads a .tlog-proof file as c2sp.org/tlog-proof says.
func proof(text string) (int64, tlog.RecordProof, string) {
	split := strings.Index(text, "\n\n")
	lines := strings.Split(text[:split], "\n")
	same("header", lines[0], "c2sp.org/tlog-proof@v1")
	lines = lines[1:]
	if strings.HasPrefix(lines[0], "extra ") {
		lines = lines[1:]
	}
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[0], "index "), 10, 64)
	check(err)
	return index, tlog.RecordProof(decode(lines[1:])), text[split+2:]
}

func decode(texts []string) []tlog.Hash {
	hashes := []tlog.Hash{}
	for _, text := range texts {
		hash, err := tlog.ParseHash(text)
		check(err)
		hashes = append(hashes, hash)
	}
	return hashes
}

// tiles serves our tiles to Go's reader.
type tiles struct {
	byPath map[string]string
}

func (t tiles) Height() int { return height }

func (t tiles) SaveTiles([]tlog.Tile, [][]byte) {}

func (t tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range wanted {
		data, err := t.read(tile)
		if err != nil {
			return nil, err
		}
		all = append(all, data)
	}
	return all, nil
}

func (t tiles) read(tile tlog.Tile) ([]byte, error) {
	// The checksum database names the height in its paths; tlog-tiles fixes it at 8 and leaves it out.
	path := "tile/" + strings.TrimPrefix(tile.Path(), "tile/8/")
	data, ok := t.byPath[path]
	if !ok {
		return nil, fmt.Errorf("there is no %s", path)
	}
	return base64.StdEncoding.DecodeString(data)
}

// sign makes notes for the other direction.
func sign(q *question, a *answer, ours note.Verifier) {
	var err error
	a.Private, a.Public, err = note.GenerateKey(rand.Reader, "go.example/witness")
	check(err)
	theirs, err := note.NewSigner(a.Private)
	check(err)
	a.Note = signed(&note.Note{Text: "a note\n\nwith an empty line\n"}, theirs)
	opened, err := note.Open([]byte(q.Trees[0].Note), note.VerifierList(ours))
	check(err)
	a.Cosigned = signed(opened, theirs)
	if q.Private == "" {
		return
	}
	signer, err := note.NewSigner(q.Private)
	check(err)
	a.Again = signed(&note.Note{Text: opened.Text}, signer)
}

func signed(n *note.Note, signer note.Signer) string {
	text, err := note.Sign(n, signer)
	check(err)
	return string(text)
}

func same(what string, ours, theirs interface{}) {
	one, err := json.Marshal(ours)
	check(err)
	other, err := json.Marshal(theirs)
	check(err)
	if !bytes.Equal(one, other) {
		fail(fmt.Sprintf("%s: %s is not %s", what, one, other))
	}
}

func check(err error) {
	if err != nil {
		fail(err.Error())
	}
}

func fail(text string) {
	fmt.Fprintln(os.Stderr, text)
	os.Exit(1)
}
