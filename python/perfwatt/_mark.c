// SPDX-License-Identifier: Apache-2.0
// What perfwatt/library.py calls through ctypes where this was not built: the functions of libperfwatt_mark,
// and the object that perfwatt.region gives. Python's stable ABI of 3.10.
#define _GNU_SOURCE
#define Py_LIMITED_API 0x030a0000
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <dlfcn.h>
#include <stddef.h>
#include <stdint.h>
#include <structmember.h>

#define SUSPENDS 0x3a0  // suspension.py's

static struct {
  uint32_t (*named)(const char*);
  void (*begin)(uint32_t);
  void (*end)(uint32_t);
  void (*items)(double);
} mark;

// suspension.enter and .leave, and what decorates a function.
static PyObject *suspended_enter, *suspended_leave, *decorate;

typedef struct {
  PyObject_HEAD unsigned int number;
} Region;

// Whether the Python function that called us is a coroutine or a generator; -1: an exception.
static int caller_suspends(void) {
  PyFrameObject* const frame = PyEval_GetFrame();
  if (!frame) return 0;
  PyObject* const code = (PyObject*)PyFrame_GetCode(frame);
  PyObject* const flags = PyObject_GetAttrString(code, "co_flags");
  Py_DECREF(code);
  if (!flags) return -1;
  const long value = PyLong_AsLong(flags);
  Py_DECREF(flags);
  return (value & SUSPENDS) != 0;
}

static PyObject* mark_end_of(PyObject* self, void (*call)(uint32_t), PyObject* suspended) {
  const unsigned int number = ((Region*)self)->number;
  const int suspends = caller_suspends();
  if (suspends < 0) return NULL;
  if (suspends && suspended) return PyObject_CallFunction(suspended, "I", number);
  call(number);
  Py_RETURN_NONE;
}

static PyObject* region_enter(PyObject* self, PyObject* unused) {
  (void)unused;
  return mark_end_of(self, mark.begin, suspended_enter);
}

static PyObject* region_exit(PyObject* self, PyObject* const* args, Py_ssize_t count) {
  (void)args;
  (void)count;
  return mark_end_of(self, mark.end, suspended_leave);
}

static PyObject* region_call(PyObject* self, PyObject* args, PyObject* kwargs) {
  PyObject* function;
  static char* names[] = {"function", NULL};
  if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O", names, &function)) return NULL;
  return PyObject_CallFunctionObjArgs(decorate, self, function, NULL);
}

static int region_init(PyObject* self, PyObject* args, PyObject* kwargs) {
  (void)kwargs;
  return PyArg_ParseTuple(args, "I", &((Region*)self)->number) ? 0 : -1;
}

static void region_free(PyObject* self) {
  PyTypeObject* const type = Py_TYPE(self);
  PyObject_Free(self);
  Py_DECREF(type);
}

static PyObject* region_setup(PyObject* type, PyObject* args) {
  (void)type;
  if (!PyArg_ParseTuple(args, "OOO", &suspended_enter, &suspended_leave, &decorate)) return NULL;
  Py_INCREF(suspended_enter);
  Py_INCREF(suspended_leave);
  Py_INCREF(decorate);
  Py_RETURN_NONE;
}

static PyMethodDef region_methods[] = {
    {"__enter__", region_enter, METH_NOARGS, NULL},
    {"__exit__", (PyCFunction)(void (*)(void))region_exit, METH_FASTCALL, NULL},
    {"setup", region_setup, METH_VARARGS | METH_STATIC, NULL},
    {NULL, NULL, 0, NULL}};

static PyMemberDef region_members[] = {{"number", T_UINT, offsetof(Region, number), READONLY, NULL},
                                       {NULL, 0, 0, 0, NULL}};

static PyType_Slot region_slots[] = {{Py_tp_methods, region_methods},
                                     {Py_tp_members, region_members},
                                     {Py_tp_call, region_call},
                                     {Py_tp_init, region_init},
                                     {Py_tp_new, PyType_GenericNew},
                                     {Py_tp_dealloc, region_free},
                                     {0, NULL}};

static PyType_Spec region_type = {"perfwatt.Region", sizeof(Region), 0, Py_TPFLAGS_DEFAULT, region_slots};

static PyObject* mark_number(PyObject* number, void (*call)(uint32_t)) {
  const unsigned long value = PyLong_AsUnsignedLong(number);
  if (value == (unsigned long)-1 && PyErr_Occurred()) return NULL;
  call((uint32_t)value);
  Py_RETURN_NONE;
}

static PyObject* py_begin(PyObject* module, PyObject* number) {
  (void)module;
  return mark_number(number, mark.begin);
}

static PyObject* py_end(PyObject* module, PyObject* number) {
  (void)module;
  return mark_number(number, mark.end);
}

static PyObject* py_items(PyObject* module, PyObject* count) {
  (void)module;
  const double value = PyFloat_AsDouble(count);
  if (value == -1.0 && PyErr_Occurred()) return NULL;
  mark.items(value);
  Py_RETURN_NONE;
}

static PyObject* py_named(PyObject* module, PyObject* name) {
  (void)module;
  const char* const text = PyBytes_AsString(name);
  return text ? PyLong_FromUnsignedLong(mark.named(text)) : NULL;
}

static PyObject* refuse(void) {
  const char* const said = dlerror();
  PyErr_SetString(PyExc_OSError, said ? said : "not libperfwatt_mark");
  return NULL;
}

// attach(path, flags): whether this process marks.
static PyObject* py_attach(PyObject* module, PyObject* args) {
  (void)module;
  PyObject* bytes;
  int flags;
  if (!PyArg_ParseTuple(args, "O&i", PyUnicode_FSConverter, &bytes, &flags)) return NULL;
  void* const library = dlopen(PyBytes_AsString(bytes), flags);
  Py_DECREF(bytes);
  if (!library) return refuse();
  // A program that is linked with the library has the variable in its own data (a copy relocation).
  const int* marking = (const int*)dlsym(RTLD_DEFAULT, "perfwatt_marking_");
  if (!marking) marking = (const int*)dlsym(library, "perfwatt_marking_");
  *(void**)&mark.named = dlsym(library, "perfwatt_region_named_");
  *(void**)&mark.begin = dlsym(library, "perfwatt_begin_");
  *(void**)&mark.end = dlsym(library, "perfwatt_end_");
  *(void**)&mark.items = dlsym(library, "perfwatt_items_");
  if (!marking || !mark.named || !mark.begin || !mark.end || !mark.items) return refuse();
  return PyBool_FromLong(*marking);
}

static PyMethodDef functions[] = {
    {"attach", py_attach, METH_VARARGS, NULL}, {"named", py_named, METH_O, NULL},
    {"begin", py_begin, METH_O, NULL},         {"end", py_end, METH_O, NULL},
    {"items", py_items, METH_O, NULL},         {NULL, NULL, 0, NULL}};

static int fill(PyObject* module) {
  PyObject* const type = PyType_FromSpec(&region_type);
  if (!type) return -1;
  const int added = PyModule_AddObjectRef(module, "Region", type);
  Py_DECREF(type);
  return added;
}

static PyModuleDef_Slot slots[] = {{Py_mod_exec, fill}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, "_mark", NULL, 0, functions, slots, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit__mark(void) { return PyModuleDef_Init(&definition); }
