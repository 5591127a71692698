/* Drops every byte that was not synced: an observer in front of the C library's file calls.
 *
 * Built by tests/faults/durable.py and loaded with LD_PRELOAD into PostgreSQL and the gateways. The program
 * works on its own files as always. Beside them, under DURABLE_IMAGE, lies what a disk would hold if the power
 * went now: image/data/<key> is the synced content of a file (key: inode and time of birth), image/tree/ the
 * synced names, as hard links to it.
 *
 *   write, pwrite, …        the blocks become dirty (a bitmap beside the image, shared by all processes)
 *   fsync, fdatasync        dirty blocks and the size go to image/data; with DURABLE_NAMES=own (the default)
 *                           the file's present name goes to image/tree as well
 *   fsync of a folder       its names as they are now go to image/tree, removed ones leave it
 *   O_SYNC, O_DSYNC         each write syncs
 *   msync(MS_SYNC)          syncs the whole file
 *   sync_file_range, MS_ASYNC, rename, unlink, mkdir, ftruncate: nothing durable by themselves
 *   fopen for writing, shared writable mappings: writes cannot be seen, so such a file is copied whole
 *
 * What the model cannot follow (a folder renamed, a hard link made) is written to image/unmodelled, and the
 * harness fails. One lock for all, robust against the death of its holder (pthread robust mutex); bits are
 * cleared after the copy, so a process killed in the middle leaves them set.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { BLOCK = 4096, FILES = 65536, BITMAP = 1 << 17, LONGEST = 4096 };
/* BITMAP bytes hold one bit a block: files up to 4 GiB. Byte 0 of the sidecar says "copy whole". */

struct file {
    int known;      /* under the root and regular or a folder */
    int is_folder;
    int syncs;      /* opened with O_SYNC or O_DSYNC */
    char key[64];
};

static char root[PATH_MAX], image[PATH_MAX];
static size_t root_length;
static int strict_names, active;
static pthread_mutex_t *lock_shared;
static struct file table[FILES];

#define REAL(name) ((__typeof__(&name))real(#name))

static void *real(const char *name) { return dlsym(RTLD_NEXT, name); }

static void complain(const char *what, const char *path) {
    char name[PATH_MAX], line[PATH_MAX + 64];
    snprintf(name, sizeof name, "%s/unmodelled", image);
    int out = syscall(SYS_openat, AT_FDCWD, name, O_WRONLY | O_CREAT | O_APPEND, 0666);
    int length = snprintf(line, sizeof line, "%s %s\n", what, path);
    if (out >= 0) { syscall(SYS_write, out, line, length); syscall(SYS_close, out); }
}

static void take(void) {
    if (pthread_mutex_lock(lock_shared) == EOWNERDEAD) pthread_mutex_consistent(lock_shared);
}

static void leave(void) { pthread_mutex_unlock(lock_shared); }

__attribute__((constructor)) static void begin(void) {
    const char *live = getenv("DURABLE_ROOT"), *at = getenv("DURABLE_IMAGE"), *names = getenv("DURABLE_NAMES");
    char path[PATH_MAX];
    if (!live || !at || !realpath(live, root)) return;
    root_length = strlen(root);
    snprintf(image, sizeof image, "%s", at);
    strict_names = names && !strcmp(names, "strict");
    snprintf(path, sizeof path, "%s/lock", image);
    int fd = syscall(SYS_openat, AT_FDCWD, path, O_RDWR, 0);
    if (fd < 0) return;
    lock_shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    syscall(SYS_close, fd);
    active = lock_shared != MAP_FAILED;
}

static int key_of(int fd, const char *path, char *key, size_t size, unsigned *mode) {
    struct statx facts;
    int flags = path ? AT_SYMLINK_NOFOLLOW : AT_EMPTY_PATH;
    if (statx(path ? AT_FDCWD : fd, path ? path : "", flags, STATX_BASIC_STATS | STATX_BTIME, &facts)) return -1;
    snprintf(key, size, "%llu-%lld-%u", (unsigned long long)facts.stx_ino,
             (long long)facts.stx_btime.tv_sec, facts.stx_btime.tv_nsec);
    *mode = facts.stx_mode;
    return 0;
}

static int path_of(int fd, char *path) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, PATH_MAX - 1);
    if (length < 0) return -1;
    path[length] = 0;
    return 0;
}

static int inside(const char *path) {
    return !strncmp(path, root, root_length) && (path[root_length] == '/' || !path[root_length]);
}

/* Remembers what a descriptor is. */
static void opened(int fd, int flags) {
    char path[PATH_MAX];
    unsigned mode;
    if (!active || fd < 0 || fd >= FILES) return;
    struct file *file = &table[fd];
    memset(file, 0, sizeof *file);
    if (path_of(fd, path) || !inside(path) || key_of(fd, NULL, file->key, sizeof file->key, &mode)) return;
    file->is_folder = S_ISDIR(mode);
    file->known = S_ISREG(mode) || S_ISDIR(mode);
    file->syncs = (flags & O_DSYNC) == O_DSYNC;
}

static struct file *known(int fd) {
    return active && fd >= 0 && fd < FILES && table[fd].known ? &table[fd] : NULL;
}

/* The dirty bitmap of a file: byte 0 is the flag "whole", the rest one bit a block. */
static unsigned char *bitmap(const struct file *file) {
    char name[PATH_MAX];
    snprintf(name, sizeof name, "%s/dirty/%s", image, file->key);
    int fd = syscall(SYS_openat, AT_FDCWD, name, O_RDWR | O_CREAT, 0666);
    if (fd < 0) return NULL;
    struct stat facts;
    if (syscall(SYS_fstat, fd, &facts) == 0 && facts.st_size < BITMAP) syscall(SYS_ftruncate, fd, BITMAP);
    unsigned char *map = mmap(NULL, BITMAP, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    syscall(SYS_close, fd);
    return map == MAP_FAILED ? NULL : map;
}

/* Descriptors are few and live long: keep each one's map. */
static unsigned char *maps[FILES];
static char map_keys[FILES][64];

static unsigned char *map_of(int fd, const struct file *file) {
    if (maps[fd] && !strcmp(map_keys[fd], file->key)) return maps[fd];
    if (maps[fd]) munmap(maps[fd], BITMAP);
    maps[fd] = bitmap(file);
    strcpy(map_keys[fd], file->key);
    return maps[fd];
}

static void mark(int fd, const struct file *file, off_t from, off_t length) {
    unsigned char *map = map_of(fd, file);
    if (!map || length <= 0) return;
    if ((from + length) / BLOCK / 8 + 2 >= BITMAP) { map[0] = 1; return; }
    for (off_t block = from / BLOCK; block <= (from + length - 1) / BLOCK; block++)
        map[1 + block / 8] |= (unsigned char)(1 << (block % 8));
}

static void copy_block(int from, int to, off_t at, off_t size) {
    char data[BLOCK];
    ssize_t got = syscall(SYS_pread64, from, data, at + BLOCK <= size ? BLOCK : size - at, at);
    if (got > 0 && syscall(SYS_pwrite64, to, data, (size_t)got, at) != got) complain("image-full", image);
}

/* Content and size of a file, as it is now, to the image. The lock is held. */
static void sync_content(int fd, struct file *file) {
    char live[64], name[PATH_MAX];
    struct stat facts;
    unsigned char *map = map_of(fd, file);
    snprintf(live, sizeof live, "/proc/self/fd/%d", fd);
    int from = syscall(SYS_openat, AT_FDCWD, live, O_RDONLY, 0); /* fd may be write-only */
    if (from < 0 || !map || syscall(SYS_fstat, from, &facts)) { complain("unreadable", live); return; }
    snprintf(name, sizeof name, "%s/data/%s", image, file->key);
    int is_new = syscall(SYS_faccessat, AT_FDCWD, name, F_OK) != 0;
    int to = syscall(SYS_openat, AT_FDCWD, name, O_RDWR | O_CREAT, facts.st_mode & 07777);
    if (to < 0) { complain("no-image", name); syscall(SYS_close, from); return; }
    syscall(SYS_ftruncate, to, facts.st_size);
    int whole = is_new || map[0];
    off_t blocks = (facts.st_size + BLOCK - 1) / BLOCK;
    for (off_t block = 0; block < blocks; block++)
        if (whole || map[1 + block / 8] & (1 << (block % 8))) copy_block(from, to, block * BLOCK, facts.st_size);
    memset(map + 1, 0, (size_t)(blocks / 8 + 1 < BITMAP - 1 ? blocks / 8 + 1 : BITMAP - 1));
    syscall(SYS_close, to);
    syscall(SYS_close, from);
}

static void make_folders(char *path) {
    for (char *slash = path + strlen(image) + 1; (slash = strchr(slash, '/')); slash++) {
        *slash = 0;
        syscall(SYS_mkdirat, AT_FDCWD, path, 0700);
        *slash = '/';
    }
}

/* Makes image/tree/<relative> a second name of image/data/<key>; without synced content an empty file. */
static void name_file(const char *relative, const char *key) {
    char at[2 * PATH_MAX], data[PATH_MAX];
    snprintf(at, sizeof at, "%s/tree%s", image, relative);
    snprintf(data, sizeof data, "%s/data/%s", image, key);
    if (syscall(SYS_faccessat, AT_FDCWD, data, F_OK)) {
        int fd = syscall(SYS_openat, AT_FDCWD, data, O_WRONLY | O_CREAT, 0600);
        if (fd >= 0) syscall(SYS_close, fd);
        /* Nothing of it is synced: everything is dirty, so the next sync copies all. */
        struct file none = {1, 0, 0, ""};
        snprintf(none.key, sizeof none.key, "%s", key);
        unsigned char *map = bitmap(&none);
        if (map) { memset(map + 1, 0xff, BITMAP - 1); munmap(map, BITMAP); }
    }
    struct stat held, wanted;
    if (!syscall(SYS_newfstatat, AT_FDCWD, at, &held, AT_SYMLINK_NOFOLLOW)) {
        if (!syscall(SYS_newfstatat, AT_FDCWD, data, &wanted, 0) && held.st_ino == wanted.st_ino) return;
        syscall(SYS_unlinkat, AT_FDCWD, at, 0);
    }
    make_folders(at);
    if (syscall(SYS_linkat, AT_FDCWD, data, AT_FDCWD, at, 0)) complain("no-link", at);
}

static void remove_tree(const char *path) {
    char inner[2 * PATH_MAX];
    DIR *folder = opendir(path);
    if (!folder) { syscall(SYS_unlinkat, AT_FDCWD, path, 0); return; }
    for (struct dirent *entry; (entry = readdir(folder));) {
        if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..")) continue;
        snprintf(inner, sizeof inner, "%s/%s", path, entry->d_name);
        remove_tree(inner);
    }
    closedir(folder);
    syscall(SYS_unlinkat, AT_FDCWD, path, AT_REMOVEDIR);
}

/* The names of one folder, as they are now, to the image. The lock is held. */
static void sync_names(const char *live) {
    char at[2 * PATH_MAX], inner[2 * PATH_MAX], key[64];
    const char *relative = live + root_length;
    unsigned mode;
    snprintf(at, sizeof at, "%s/tree%s/", image, relative);
    make_folders(at);
    DIR *folder = opendir(live);
    for (struct dirent *entry; folder && (entry = readdir(folder));) {
        if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..")) continue;
        snprintf(inner, sizeof inner, "%s/%s", live, entry->d_name);
        if (key_of(-1, inner, key, sizeof key, &mode)) continue;
        snprintf(inner, sizeof inner, "%s/%s", relative, entry->d_name);
        if (S_ISREG(mode)) name_file(inner, key);
        if (S_ISDIR(mode)) {
            snprintf(inner, sizeof inner, "%s/tree%s/%s", image, relative, entry->d_name);
            syscall(SYS_mkdirat, AT_FDCWD, inner, 0700);
        }
    }
    if (folder) closedir(folder);
    folder = opendir(at);
    for (struct dirent *entry; folder && (entry = readdir(folder));) {
        if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..")) continue;
        snprintf(inner, sizeof inner, "%s/%s", live, entry->d_name);
        if (!key_of(-1, inner, key, sizeof key, &mode)) continue;
        snprintf(inner, sizeof inner, "%s%s", at, entry->d_name);
        remove_tree(inner);
    }
    if (folder) closedir(folder);
}

static void synced(int fd, struct file *file) {
    char path[PATH_MAX];
    int before = errno;
    take();
    if (file->is_folder) {
        if (!path_of(fd, path) && inside(path)) sync_names(path);
    } else {
        sync_content(fd, file);
        /* A file whose name is gone reads "… (deleted)"; it has no name to keep. */
        if (!strict_names && !path_of(fd, path) && inside(path) && !strstr(path, " (deleted)"))
            name_file(path + root_length, file->key);
    }
    leave();
    errno = before;
}

static void written(int fd, struct file *file, off_t from, ssize_t length) {
    int before = errno;
    if (length > 0) {
        take();
        mark(fd, file, from, length);
        leave();
        if (file->syncs) synced(fd, file);
    }
    errno = before;
}

/* Where a plain write will land: at the end for O_APPEND, else at the offset. Asked behind the write. */
static off_t behind(int fd) { return lseek(fd, 0, SEEK_CUR); }

#define FOLLOWED(type, name, parameters, arguments, before_it, after_it) \
    type name parameters { \
        static __typeof__(&name) original; \
        if (!original) original = REAL(name); \
        before_it; \
        type result = original arguments; \
        after_it; \
        return result; \
    }

#define OPENING(name, leading, forwarded) \
    int name leading { \
        static int (*original)(); \
        if (!original) original = (int (*)())real(#name); \
        va_list rest; \
        va_start(rest, flags); \
        mode_t mode = flags & (O_CREAT | __O_TMPFILE) ? va_arg(rest, mode_t) : 0; \
        va_end(rest); \
        int fd = original forwarded; \
        opened(fd, flags); \
        if (fd >= 0 && flags & O_TRUNC && known(fd)) { take(); unsigned char *map = map_of(fd, &table[fd]); \
            if (map) { memset(map + 1, 0xff, BITMAP - 1); } \
            leave(); } \
        return fd; \
    }

OPENING(open, (const char *path, int flags, ...), (path, flags, mode))
OPENING(open64, (const char *path, int flags, ...), (path, flags, mode))
OPENING(openat, (int at, const char *path, int flags, ...), (at, path, flags, mode))
OPENING(openat64, (int at, const char *path, int flags, ...), (at, path, flags, mode))

int creat(const char *path, mode_t mode) { return open(path, O_CREAT | O_WRONLY | O_TRUNC, mode); }
int creat64(const char *path, mode_t mode) { return open(path, O_CREAT | O_WRONLY | O_TRUNC, mode); }
int __open_2(const char *path, int flags) { return open(path, flags); }
int __open64_2(const char *path, int flags) { return open(path, flags); }

static FILE *whole(FILE *stream, const char *how) {
    if (stream && strpbrk(how, "wa+")) {
        int fd = fileno(stream);
        opened(fd, 0);
        struct file *file = known(fd);
        if (file) { take(); unsigned char *map = map_of(fd, file); if (map) map[0] = 1; leave(); }
    }
    return stream;
}

FOLLOWED(FILE *, fopen, (const char *path, const char *how), (path, how), , whole(result, how))
FOLLOWED(FILE *, fopen64, (const char *path, const char *how), (path, how), , whole(result, how))
FOLLOWED(FILE *, fdopen, (int fd, const char *how), (fd, how), , whole(result, how))

FOLLOWED(int, close, (int fd), (fd), if (fd >= 0 && fd < FILES) table[fd].known = 0, )
FOLLOWED(int, dup, (int fd), (fd), , if (result >= 0 && result < FILES) table[result] = table[fd])
FOLLOWED(int, dup2, (int fd, int to), (fd, to), , if (result >= 0 && result < FILES) table[result] = table[fd])

FOLLOWED(ssize_t, write, (int fd, const void *data, size_t size), (fd, data, size), ,
         struct file *file = known(fd); if (file && result > 0) written(fd, file, behind(fd) - result, result))
FOLLOWED(ssize_t, writev, (int fd, const struct iovec *parts, int count), (fd, parts, count), ,
         struct file *file = known(fd); if (file && result > 0) written(fd, file, behind(fd) - result, result))
FOLLOWED(ssize_t, pwrite, (int fd, const void *data, size_t size, off_t at), (fd, data, size, at), ,
         struct file *file = known(fd); if (file) written(fd, file, at, result))
FOLLOWED(ssize_t, pwrite64, (int fd, const void *data, size_t size, off64_t at), (fd, data, size, at), ,
         struct file *file = known(fd); if (file) written(fd, file, at, result))
FOLLOWED(ssize_t, pwritev, (int fd, const struct iovec *parts, int count, off_t at), (fd, parts, count, at), ,
         struct file *file = known(fd); if (file) written(fd, file, at, result))
FOLLOWED(ssize_t, pwritev64, (int fd, const struct iovec *parts, int count, off64_t at),
         (fd, parts, count, at), , struct file *file = known(fd); if (file) written(fd, file, at, result))

/* Ways to write whose place is not followed: the file is copied whole from then on. */
static void blind(int fd) {
    struct file *file = known(fd);
    if (file) { take(); unsigned char *map = map_of(fd, file); if (map) map[0] = 1; leave(); }
}

FOLLOWED(ssize_t, copy_file_range, (int from, off64_t *a, int to, off64_t *b, size_t size, unsigned flags),
         (from, a, to, b, size, flags), , blind(to))
FOLLOWED(ssize_t, sendfile, (int to, int from, off_t *at, size_t size), (to, from, at, size), , blind(to))
FOLLOWED(ssize_t, sendfile64, (int to, int from, off64_t *at, size_t size), (to, from, at, size), , blind(to))
FOLLOWED(void *, mmap, (void *at, size_t size, int protection, int flags, int fd, off_t from),
         (at, size, protection, flags, fd, from), ,
         if (fd >= 0 && (flags & MAP_SHARED) && (protection & PROT_WRITE)) blind(fd))
FOLLOWED(void *, mmap64, (void *at, size_t size, int protection, int flags, int fd, off64_t from),
         (at, size, protection, flags, fd, from), ,
         if (fd >= 0 && (flags & MAP_SHARED) && (protection & PROT_WRITE)) blind(fd))

/* Cutting and growing change content between the sizes; what is cut off and grown again is zeros. */
static void resized(int fd) {
    struct file *file = known(fd);
    if (!file) return;
    take();
    unsigned char *map = map_of(fd, file);
    if (map) memset(map + 1, 0xff, BITMAP - 1);
    leave();
}

FOLLOWED(int, ftruncate, (int fd, off_t size), (fd, size), , resized(fd))
FOLLOWED(int, ftruncate64, (int fd, off64_t size), (fd, size), , resized(fd))
FOLLOWED(int, posix_fallocate, (int fd, off_t from, off_t size), (fd, from, size), , resized(fd))
FOLLOWED(int, posix_fallocate64, (int fd, off64_t from, off64_t size), (fd, from, size), , resized(fd))
FOLLOWED(int, fallocate, (int fd, int how, off_t from, off_t size), (fd, how, from, size), , resized(fd))
FOLLOWED(int, fallocate64, (int fd, int how, off64_t from, off64_t size), (fd, how, from, size), , resized(fd))

FOLLOWED(int, fsync, (int fd), (fd), , struct file *file = known(fd); if (file && !result) synced(fd, file))
FOLLOWED(int, fdatasync, (int fd), (fd), , struct file *file = known(fd); if (file && !result) synced(fd, file))

/* msync names no file: every shared mapping's file was marked "whole", and is found again among the open ones. */
static void synced_mappings(void) {
    for (int fd = 0; fd < FILES; fd++) {
        struct file *file = known(fd);
        unsigned char *map = file && !file->is_folder ? map_of(fd, file) : NULL;
        if (map && map[0]) synced(fd, file);
    }
}

FOLLOWED(int, msync, (void *at, size_t size, int flags), (at, size, flags), ,
         if (active && !result && (flags & MS_SYNC)) synced_mappings())

static void refuse_folder(const char *path) {
    char full[PATH_MAX];
    struct stat facts;
    if (active && realpath(path, full) && inside(full) && !stat(full, &facts) && S_ISDIR(facts.st_mode))
        complain("folder-renamed", full);
}

FOLLOWED(int, rename, (const char *from, const char *to), (from, to), refuse_folder(from), )
FOLLOWED(int, link, (const char *from, const char *to), (from, to), ,
         if (active && !result) { char full[PATH_MAX]; if (realpath(to, full) && inside(full)) complain("link", full); })

/* With -DIMAGER: make the first image of a folder, everything in it durable. imager ROOT IMAGE */
#ifdef IMAGER
static void copy_all(const char *live, const char *relative) {
    char path[2 * PATH_MAX], at[2 * PATH_MAX], inner[2 * PATH_MAX], key[64];
    unsigned mode;
    snprintf(path, sizeof path, "%s%s", live, relative);
    snprintf(at, sizeof at, "%s/tree%s", image, relative);
    mkdir(at, 0700);
    DIR *folder = opendir(path);
    for (struct dirent *entry; folder && (entry = readdir(folder));) {
        if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..")) continue;
        snprintf(inner, sizeof inner, "%s/%s", relative, entry->d_name);
        snprintf(path, sizeof path, "%s%s", live, inner);
        if (key_of(-1, path, key, sizeof key, &mode)) continue;
        if (S_ISDIR(mode)) copy_all(live, inner);
        if (S_ISLNK(mode)) complain("symbolic-link", path);
        if (!S_ISREG(mode)) continue;
        struct file file = {1, 0, 0, ""};
        snprintf(file.key, sizeof file.key, "%s", key);
        int fd = syscall(SYS_openat, AT_FDCWD, path, O_RDONLY, 0);
        sync_content(fd, &file);
        close(fd);
        name_file(inner, key);
    }
    if (folder) closedir(folder);
}

int main(int count, char **words) {
    char path[PATH_MAX], zeros[4096] = {0};
    pthread_mutexattr_t robust;
    if (count != 3 || !realpath(words[1], root)) return 2;
    root_length = strlen(root);
    snprintf(image, sizeof image, "%s", words[2]);
    const char *folders[] = {"data", "dirty", "tree"};
    for (int i = 0; i < 3; i++) { snprintf(path, sizeof path, "%s/%s", image, folders[i]); mkdir(path, 0700); }
    snprintf(path, sizeof path, "%s/lock", image);
    int fd = syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CREAT, 0600);
    if (syscall(SYS_write, fd, zeros, sizeof zeros) != sizeof zeros) return 3;
    pthread_mutex_t *mutex = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    pthread_mutexattr_init(&robust);
    pthread_mutexattr_setpshared(&robust, PTHREAD_PROCESS_SHARED);
    pthread_mutexattr_setrobust(&robust, PTHREAD_MUTEX_ROBUST);
    pthread_mutex_init(mutex, &robust);
    copy_all(root, "");
    return 0;
}
#endif
